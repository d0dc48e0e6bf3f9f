/** The contract on files that are changed where they are. */
import { assert, assertEquals, assertLess, describe, it } from "../test_api.ts";
import { assertCode, readBytes, type TreeContract, withRoot, writeFile } from "./fixture.ts";

/** Bytes that differ from place to place. */
function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8) * 7) & 0xff);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** Declares the tests. */
export function describeUpdating(contract: TreeContract): void {
  describe("files that are changed where they are", () => {
    for (
      const [old, next] of [[0, 10], [10, 0], [4096, 4097], [3_000_001, 2_500_000], [1_048_577, 3_000_001]] as const
    ) {
      it(
        `openToUpdate() makes ${old} bytes ${next} others, and writes what differs`,
        withRoot(contract, (root) => {
          const wanted = pattern(next);
          const before = pattern(old);
          for (const at of [0, 5000, 1_048_575, old - 1]) {
            if (at >= 0 && at < old) before[at]! ^= 1;
          }
          writeFile(root, "new", wanted);
          writeFile(root, "f", before);
          const identity = root.identityOf("f");
          const file = root.openToUpdate("f");
          const source = root.openFile("new");
          assert(file !== undefined);
          for (let at = 0; at < next;) at += file.updateFrom(source, at, Math.min(next - at, 700_000));
          assertEquals(file.updateFrom(source, next, 100), 0);
          file.writer.truncate(next);
          file.writer.setMetadata({ mtimeSeconds: 5, mtimeNanoseconds: 0 });
          assertEquals(file.reader.entry().mtimeSeconds, 5);
          file.writer.close();
          file.writer.close();
          source.close();
          assert(equal(readBytes(root, "f"), wanted));
          assertEquals(root.identityOf("f"), identity);
          assertLess(file.written, Math.max(0, next - old) + 5 * 4096 * 2);
        }),
      );
    }

    it(
      "openToUpdate() leaves a file with further names alone",
      withRoot(contract, (root) => {
        writeFile(root, "f", "one");
        root.link("g", root, "f");
        assertEquals(root.openToUpdate("f"), undefined);
      }),
    );

    it(
      "openToUpdate() refuses symlinks, directories and what is not there",
      withRoot(contract, (root) => {
        writeFile(root, "f", "one");
        root.makeSymlink("l", "f");
        root.makeDirectory("d", 0o755);
        assertCode("symlink-refused", () => root.openToUpdate("l"));
        assertCode("vanished", () => root.openToUpdate("n"));
        for (const name of ["d", "f/x"]) {
          let refused = false;
          try {
            root.openToUpdate(name);
          } catch {
            refused = true;
          }
          assert(refused, name);
        }
      }),
    );
  });
}
