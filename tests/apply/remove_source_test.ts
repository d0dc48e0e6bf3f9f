import { removeFromSource } from "../../lib/apply/remove_source.ts";
import { SyncError } from "../../lib/errors.ts";
import { memoryTree, type TreeLiteral } from "../../lib/model/memory_tree.ts";
import { parseRelPath, ROOT } from "../../lib/model/rel_path.ts";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";

const FILE: TreeLiteral = { f: { file: "content", mtime: "5" } };

/** Lists the source, lets something happen, and removes; tells what is left in the source and why. */
function remove(
  destination: TreeLiteral,
  happens: (source: ReturnType<typeof memoryTree>) => void,
): [string[], string] {
  const source = memoryTree(FILE);
  const directory = source.open(ROOT);
  const gone = { path: parseRelPath("f"), want: directory.lookup("f")!, identity: directory.identityOf("f")! };
  happens(source);
  let code = "removed";
  try {
    removeFromSource(directory, memoryTree(destination).open(ROOT), gone);
  } catch (thrown) {
    code = (thrown as SyncError).code;
  }
  return [Object.keys(source.dump()), code];
}

describe("removeFromSource()", () => {
  it("removes what the destination has", () => {
    assertEquals(remove(FILE, () => {}), [[], "removed"]);
  });

  it("keeps what the destination does not have, or not like this", () => {
    for (const other of [{}, { f: { dir: {} } }, { f: { file: "longer content" } }, { f: { link: "content" } }]) {
      assertEquals(remove(other, () => {}), [["f"], "vanished"], JSON.stringify(other));
    }
  });

  it("keeps what is another file now, or not as it was", () => {
    const changes: ((directory: ReturnType<ReturnType<typeof memoryTree>["open"]>) => void)[] = [
      (directory) => directory.setMetadata("f", { mtimeSeconds: 5, mtimeNanoseconds: 1 }),
      (directory) => directory.setMetadata("f", { mode: 0o600 }),
      (directory) => {
        directory.removeFile("f");
        const file = directory.createFile("f", 0o644);
        file.write(new TextEncoder().encode("content"), 0);
        file.setMetadata({ mtimeSeconds: 5, mtimeNanoseconds: 0 });
        file.close();
      },
    ];
    for (const change of changes) {
      assertEquals(remove(FILE, (source) => change(source.open(ROOT))), [["f"], "changed-while-read"]);
    }
  });

  it("is content with what is gone already", () => {
    assertEquals(remove(FILE, (source) => source.open(ROOT).removeFile("f")), [[], "removed"]);
  });

  it("names the entry in its message", () => {
    const source = memoryTree(FILE).open(ROOT);
    const gone = { path: parseRelPath("f"), want: source.lookup("f")!, identity: source.identityOf("f")! };
    const error = assertThrows(() => removeFromSource(source, memoryTree().open(ROOT), gone), SyncError);
    assertEquals(error.message, 'Cannot remove "f" from the source: the destination does not have it');
  });
});
