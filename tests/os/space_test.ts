/** How much room a file system says it has, against what other programs are told. */
import { readStatfs, spaceOf, STATFS_BYTES } from "../../lib/os/file_systems.ts";
import { openNativeTree } from "../../lib/os/native_tree.ts";
import { mayHoldMounts, spaceAbove } from "../../lib/os/open_tree.ts";
import { openPortableTree } from "../../lib/os/portable_tree.ts";
import { mustRun } from "../support/commands.ts";
import { assert, assertEquals, describe, it, requires } from "../support/test_api.ts";
import { findProgram } from "../support/programs.ts";
import { withWorkspace } from "../support/workspace.ts";

/** What stat(1) is told: type, block size, blocks, free, available, inodes, free inodes. */
function toldToStat(path: string): number[] {
  return mustRun("stat", ["-f", "-c", "%S %b %f %a %c %d", path]).trim().split(" ").map(Number);
}

describe("Tree.space()", () => {
  for (const [layer, open] of [["native", openNativeTree], ["portable", openPortableTree]] as const) {
    it(`tells what stat(1) tells, on the ${layer} layer`, requires("Linux", "root"), () =>
      withWorkspace((at) => {
        const path = at.mount("to", "-t", "tmpfs", "-o", "size=4M,nr_inodes=50", "tmpfs");
        mustRun("sh", ["-ec", "head -c 10000 /dev/zero > a; mkdir d; > d/b"], { cwd: path });
        const tree = open(path);
        const { type, blockBytes, freeBytes, usedBytes, freeEntries, usedEntries } = tree.space()!;
        tree.close();
        const [block = 0, blocks = 0, free = 0, , inodes = 0, freeInodes = 0] = toldToStat(path);
        assertEquals({ type, blockBytes, freeBytes, usedBytes, freeEntries, usedEntries }, {
          type: "tmpfs",
          blockBytes: block,
          freeBytes: free * block,
          usedBytes: (blocks - free) * block,
          freeEntries: freeInodes,
          usedEntries: inodes - freeInodes,
        });
        assertEquals([usedBytes, usedEntries, freeEntries], [3 * 4096, 4, 46]);
      }));
  }

  it(
    "keeps what is reserved for those who may take it",
    requires("Linux", "root", "mkfs.ext4"),
    () =>
      withWorkspace((at) => {
        const path = at.loop("to", "8M", [findProgram("mkfs.ext4")!, "-q", "-m", "20"]);
        const [block = 0, , free = 0, available = 0] = toldToStat(path);
        assert(free > available);
        const tree = openNativeTree(path);
        assertEquals([tree.space()?.type, tree.space()?.freeBytes], ["ext4", free * block]);
        tree.close();
      }, "onDisk"),
  );

  it("is that above a directory that is still to be made", requires("Linux", "root"), () =>
    withWorkspace((at) => {
      const path = at.mount("to", "-t", "tmpfs", "-o", "size=4M", "tmpfs");
      for (const layer of ["native", "portable"] as const) {
        assertEquals(spaceAbove(`${path}/new/deeper`, layer)?.freeBytes, 4 << 20);
      }
    }));
});

describe("mayHoldMounts()", () => {
  it(
    "sees what is mounted below a directory, and not what is beside or above it",
    requires("Linux", "root"),
    () =>
      withWorkspace((at) => {
        at.directory("a/b");
        at.directory("ab");
        assertEquals([mayHoldMounts(at.at("a")), mayHoldMounts(at.path)], [false, false]);
        at.mount("a/b/m", "-t", "tmpfs", "tmpfs");
        assertEquals([mayHoldMounts(at.at("a")), mayHoldMounts(at.at("ab")), mayHoldMounts(at.at("a/b/m"))], [
          ...[true, false, false],
        ]);
      }),
  );
});

describe("readStatfs() and spaceOf()", () => {
  it("read numbers of 64 bits from their places", () => {
    const buffer = new ArrayBuffer(STATFS_BYTES);
    const words = new BigInt64Array(buffer);
    words.set([0xef53n, 65536n, 2n ** 40n, 7n, 5n, 11n, 3n, 0x1234n, 255n, 4096n]);
    const numbers = readStatfs(buffer);
    assertEquals(numbers, {
      ...{ type: 0xef53, id: "1234", blockBytes: 4096, blocks: 2 ** 40 },
      ...{ freeBlocks: 7, availableBlocks: 5, inodes: 11, freeInodes: 3 },
    });
    assertEquals([spaceOf(numbers, true)?.freeBytes, spaceOf(numbers, false)?.freeBytes], [7 * 4096, 5 * 4096]);
    words[9] = 0n;
    assertEquals(readStatfs(buffer).blockBytes, 65536);
  });

  it("know nothing where a file system says nothing", () => {
    const silent = { type: 1, id: "", blockBytes: 4096, blocks: 0, freeBlocks: 0, availableBlocks: 0, inodes: 0 };
    assertEquals(spaceOf({ ...silent, freeInodes: 0 }, true), undefined);
    const some = spaceOf({ ...silent, blocks: 5, freeInodes: 0 }, true);
    assertEquals([some?.freeEntries, some?.usedEntries, some?.usedBytes], [undefined, undefined, 5 * 4096]);
  });
});
