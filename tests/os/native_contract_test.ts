/** The contract over the C library, where it can be used. */
import process from "node:process";
import { SyncError } from "../../lib/errors.ts";
import { openNativeTree } from "../../lib/os/native_tree.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { assertEquals, it, requires } from "../support/test_api.ts";
import { describeTreeContract } from "../support/tree_contract.ts";

process.umask(0o022);

const capabilities = nativeCapabilities();
if (capabilities === undefined) {
  it("openNativeTree() fails with unsupported when there is no C library of Linux", () => {
    assertEquals(process.platform === "linux", false);
  });
} else {
  describeTreeContract("NativeTree", {
    make() {
      const folder = temporaryFolder();
      const tree = openNativeTree(folder.path);
      return {
        tree,
        dispose() {
          tree.close();
          folder.remove();
        },
      };
    },
    capabilities,
    exchange: true,
    longPaths: true,
    earlyFractionsOnSymlinks: true,
    asRoot: requires("root"),
  });
}

function nativeCapabilities() {
  const folder = temporaryFolder();
  try {
    const tree = openNativeTree(folder.path);
    tree.close();
    return tree.capabilities;
  } catch (thrown) {
    if (thrown instanceof SyncError && thrown.code === "unsupported") return undefined;
    throw thrown;
  } finally {
    folder.remove();
  }
}
