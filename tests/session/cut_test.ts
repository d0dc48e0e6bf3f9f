/**
 * A connection that is cut at any byte, or on which nothing comes: the pull ends with an error that says so, what is
 * there is old or new, and the next one finishes.
 */
import { env } from "node:process";
import { SyncError } from "../../lib/errors.ts";
import type { Duplex } from "../../lib/model/duplex.ts";
import { watched } from "../../lib/transport/watchdog.ts";
import { mustRun } from "../support/commands.ts";
import { assertEquals, assertRejects, describe, it, requires } from "../support/test_api.ts";
import { differencesOf, walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";
import { pulled } from "./pulled.ts";

const CUTS = Number(env["CUTS"] ?? 16);

/** A connection that ends after so many bytes came. */
function cutAfter(duplex: Duplex, most: number): Duplex {
  let left = most;
  return {
    ended: duplex.ended,
    finish: () => duplex.finish(),
    close: (reason) => duplex.close(reason),
    write: (bytes) => duplex.write(bytes),
    read: async () => {
      const bytes = left === 0 ? undefined : await duplex.read();
      const given = bytes?.subarray(0, left);
      left -= given?.length ?? 0;
      return given;
    },
  };
}

function makeTrees(at: Workspace): void {
  mustRun("bash", [
    "-ec",
    `
    mkdir -p from/sub/deep to/sub; for i in 1 2 3 4 5; do echo "new $i" > from/f$i; echo "new $i" > from/sub/deep/g$i; done
    yes line | head -c 300000 > from/big; yes line | head -c 290000 > to/big; echo old > to/f1; ln -s x from/sub/link
    chmod 600 from/f2; touch -d @1500000000 to/big to/f1 from/sub/deep from/sub from`,
  ], { cwd: at.path });
}

describe("a pull whose connection is cut", () => {
  it("leaves old or new files, and the next one finishes", requires("rsync"), () =>
    withWorkspace(async (at) => {
      makeTrees(at);
      mustRun("cp", ["-a", "to", "before"], { cwd: at.path });
      mustRun("cp", ["-a", "to", "whole"], { cwd: at.path });
      const { report } = await pulled({ from: at.at("from"), to: at.at("whole") });
      const [before, from] = [walkTree(at.at("before")), walkTree(at.at("from"))];
      for (let turn = 0; turn < CUTS; turn++) {
        mustRun("sh", ["-c", "rm -rf to; cp -a before to"], { cwd: at.path });
        const most = Math.floor((report.bytesRead - 1) * turn / (CUTS - 1));
        const run = () => pulled({ from: at.at("from"), to: at.at("to"), through: (duplex) => cutAfter(duplex, most) });
        const error = await assertRejects(run, SyncError);
        // A cut within a number, a name or a frame is seen as such.
        assertEquals(["connection", "peer-protocol"].includes(error.code), true, `${most}: ${error.message}`);
        for (const [path, { content, kind }] of walkTree(at.at("to"))) {
          if (kind !== "f") continue;
          const known = [before.get(path)?.content, from.get(path)?.content];
          assertEquals(known.includes(content), true, `${most}: ${path}`);
        }
      }
      const { failures } = await pulled({ from: at.at("from"), to: at.at("to") });
      assertEquals([failures, differencesOf(at.at("from"), at.at("to"))], [[], []]);
    }));

  it("ends when nothing comes any more", requires("rsync"), () =>
    withWorkspace(async (at) => {
      makeTrees(at);
      const stalled = (duplex: Duplex) => {
        const inner = cutAfter(duplex, 700);
        const { promise, reject } = Promise.withResolvers<never>();
        const read = async () => await inner.read() ?? await promise;
        return watched({ ...inner, read, close: (reason) => (reject(reason), duplex.close()) }, 0.3);
      };
      const run = () => pulled({ from: at.at("from"), to: at.at("to"), through: stalled });
      const error = await assertRejects(run, SyncError, "sent nothing for 0.3 s");
      assertEquals(error.code, "connection");
    }));
});
