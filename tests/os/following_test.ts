/** Trees that follow symlinks, call by call, on both layers. */
import { Listing } from "../../lib/model/listing.ts";
import { parseRelPath, ROOT } from "../../lib/model/rel_path.ts";
import type { Directory, Tree } from "../../lib/model/tree.ts";
import type { SymlinkMode } from "../../lib/os/following.ts";
import { type LayerChoice, openTree } from "../../lib/os/open_tree.ts";
import type { SyncError } from "../../lib/errors.ts";
import { mustRun } from "../support/commands.ts";
import { assertEquals, describe, it, requires } from "../support/test_api.ts";
import { withWorkspace } from "../support/workspace.ts";

const SCRIPT = `mkdir -p tree/d/e outside/deep; printf far > outside/far; printf in > tree/d/f; ln -s d/f tree/safe-file
ln -s d tree/safe-dir; ln -s ../outside/far tree/far; ln -s ../outside tree/out; ln -s /nowhere tree/nowhere
ln -s ../.. tree/d/e/root; ln -s ../../.. tree/d/e/above`;

function kindsIn(directory: Directory): Record<string, string> {
  const listing = new Listing();
  listing.clear();
  while (directory.list(listing));
  const kinds: Record<string, string> = {};
  for (let index = 0; index < listing.count; index++) {
    kinds[listing.name(index)] = listing.error(index)?.code ?? listing.kind(index);
  }
  return kinds;
}

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (thrown) {
    return (thrown as SyncError).code;
  }
}

async function withTree(layer: LayerChoice, mode: SymlinkMode, body: (tree: Tree, root: Directory) => void) {
  await withWorkspace((at) => {
    mustRun("sh", ["-ec", SCRIPT], { cwd: at.path });
    const tree = openTree(at.at("tree"), layer, { mode, never: undefined });
    const root = tree.open(ROOT);
    try {
      body(tree, root);
    } finally {
      root.close();
      tree.close();
    }
  });
}

for (const layer of ["native", "portable"] as const) {
  describe(`openTree() on the ${layer} layer`, () => {
    it("follows no symlink into what is written to, at any depth", requires("Linux"), () =>
      withWorkspace((at) => {
        mustRun("sh", [
          "-ec",
          "mkdir -p tree/d to/d/deep; ln -s ../../to/d tree/d/in; ln -s ../../to/d/deep tree/d/deep",
        ], {
          cwd: at.path,
        });
        const to = openTree(at.at("to"), layer);
        const toRoot = to.open(ROOT);
        const tree = openTree(at.at("tree"), layer, { mode: "all", never: toRoot.identity() });
        const directory = tree.open(parseRelPath("d"));
        try {
          assertEquals(kindsIn(directory), { in: "symlink-refused", deep: "symlink-refused" });
        } finally {
          for (const each of [directory, toRoot, tree, to]) each.close();
        }
      }));

    it("follows every symlink", requires("Linux"), () =>
      withTree(layer, "all", (tree, root) => {
        assertEquals(kindsIn(root), {
          ...{ "d": "directory", "safe-file": "file", "safe-dir": "directory", "far": "file", "out": "directory" },
          "nowhere": "unsupported",
        });
        assertEquals([root.lookup("far")?.size, root.identityOf("safe-file")], [
          3,
          root.openDirectory("d").identityOf("f"),
        ]);
        assertEquals([codeOf(() => root.lookup("nowhere")), root.lookup("none")], ["unsupported", undefined]);
        const into = new Uint8Array(8);
        assertEquals(root.openFile("far").read(into, 0), 3);
        assertEquals(kindsIn(tree.open(parseRelPath("out/deep"))), {});
        // The parent of the root is no directory on the way; below it the root is.
        assertEquals(kindsIn(tree.open(parseRelPath("safe-dir/e"))), { root: "symlink-refused", above: "directory" });
        assertEquals(codeOf(() => tree.open(parseRelPath("d/e/above/tree"))), "symlink-refused");
      }));

    it(
      "follows symlinks that lead out, and no others",
      requires("Linux"),
      () =>
        withTree(layer, "unsafe", (tree, root) => {
          assertEquals(kindsIn(root), {
            ...{ "d": "directory", "safe-file": "symlink", "safe-dir": "symlink", "far": "file", "out": "directory" },
            "nowhere": "unsupported",
          });
          assertEquals([root.readLink("safe-dir"), root.lookup("safe-file")?.kind], ["d", "symlink"]);
          const refused = [
            () => root.openFile("safe-file"),
            () => root.openDirectory("safe-dir"),
            () => tree.open(parseRelPath("safe-dir/e")),
          ];
          assertEquals(refused.map(codeOf), refused.map(() => "symlink-refused"));
          assertEquals(codeOf(() => tree.open(parseRelPath("out/deep"))), undefined);
        }),
    );

    it(
      "passes through directories that stay beneath the root",
      requires("Linux"),
      () =>
        withTree(layer, "keep", (tree, root) => {
          assertEquals(kindsIn(root)["safe-dir"], "symlink");
          assertEquals(tree.open(parseRelPath("safe-dir/e")).identity(), tree.open(parseRelPath("d/e")).identity());
          assertEquals([codeOf(() => tree.open(parseRelPath("out"))), codeOf(() => root.openFile("far"))], [
            ...["symlink-refused", "symlink-refused"],
          ]);
        }),
    );
  });
}
