/** The contract over `node:fs`. */
import process from "node:process";
import { portableCapabilities } from "../../lib/os/portable_runtime.ts";
import { openPortableTree } from "../../lib/os/portable_tree.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { requires, runtimeName } from "../support/test_api.ts";
import { describeTreeContract } from "../support/tree_contract.ts";

process.umask(0o022);

describeTreeContract("PortableTree", {
  make() {
    const folder = temporaryFolder();
    const tree = openPortableTree(folder.path);
    return {
      tree,
      dispose() {
        tree.close();
        folder.remove();
      },
    };
  },
  capabilities: portableCapabilities(),
  exchange: false,
  longPaths: false,
  earlyFractionsOnSymlinks: runtimeName === "bun",
  asRoot: requires("root"),
});
