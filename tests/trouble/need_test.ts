/** What a plan says it needs, against what its file system says was taken. */
import { statfsSync } from "node:fs";
import { mirror } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import { findProgram } from "../support/programs.ts";
import { assert, assertEquals, describe, it, requires } from "../support/test_api.ts";
import { withWorkspace } from "../support/workspace.ts";

/** Sizes around blocks, holes, links, special files, symlinks inside and outside of their inodes. */
const TREE = `
mkdir -p d/e/f g; for n in 0 1 4095 4096 4097 100000 1000000; do head -c $n /dev/urandom > d/$n; done
truncate -s 10M holes; printf x | dd of=holes bs=1 seek=5000000 conv=notrunc status=none; truncate -s 1M g/all-hole
ln d/100000 d/e/again; ln d/1000000 g/again; mkfifo fifo; ln -s short link; ln -s "$(printf 'x%.0s' {1..200})" long
chmod 600 d/1; touch -d @5 d/4096`;

const CHANGE = `
head -c 50000 /dev/urandom > d/1; head -c 10 /dev/urandom > d/1000000; head -c 9000 /dev/urandom > new; rm fifo
rm holes; head -c 300000 /dev/urandom > d/4097; mkdir d/new; ln d/1 d/new/one; rm -r g; echo x > g`;

function taken(path: string): { bytes: number; entries: number } {
  const { bsize, blocks, bfree, files, ffree } = statfsSync(path);
  return { bytes: (blocks - bfree) * bsize, entries: files - ffree };
}

const FILE_SYSTEMS = { tmpfs: "a tmpfs", ext4: "an ext4" } as const;

for (const type of ["tmpfs", "ext4"] as const) {
  describe(`the room that a plan needs on ${FILE_SYSTEMS[type]}`, () => {
    it(
      "is what is taken by a new mirror, and enough for every change",
      requires("Linux", "root", "mkfs.ext4"),
      () =>
        withWorkspace(async (at) => {
          mustRun("bash", ["-ec", TREE], { cwd: at.directory("from") });
          const to = type === "tmpfs"
            ? at.mount("to", "-t", "tmpfs", "-o", "size=64M", "tmpfs")
            : at.loop("to", "64M", [findProgram("mkfs.ext4")!, "-q"]);
          const options = { delete: true, jobs: 1 };
          const before = taken(to);
          // What the file system made for itself stays.
          const fresh = await mirror(at.at("from"), `${to}/new`, options).plan();
          await fresh.apply();
          mustRun("sync", ["-f", to]);
          const after = taken(to);
          const found = { bytes: after.bytes - before.bytes, entries: after.entries - before.entries };
          assertEquals(found, fresh.needs);
          mustRun("bash", ["-ec", CHANGE], { cwd: at.at("from") });
          const changed = await mirror(at.at("from"), `${to}/new`, options).plan();
          const { bytes, entries } = changed.needs!;
          assertEquals((await changed.apply()).failures, []);
          const last = taken(to);
          assert(last.bytes - after.bytes <= bytes && last.entries - after.entries <= entries, JSON.stringify(last));
          const none = await mirror(at.at("from"), `${to}/new`, options).plan();
          assertEquals(none.needs, { bytes: 0, entries: 0 });
        }, "onDisk"),
    );
  });
}
