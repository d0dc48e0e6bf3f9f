/** What chooses and changes entries is sent to every thread: several of them end as one alone does. */
import { mirror, type MirrorOptions } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import { assertEquals, describe, isRoot, it, requires } from "../support/test_api.ts";
import { compareTrees, walkTree } from "../support/walker.ts";
import { withWorkspace } from "../support/workspace.ts";

const SOURCE = `mkdir outside; printf far > outside/far; chmod 640 outside/far; mkdir source; cd source
for d in $(seq 24); do mkdir -p d$d/e d$d/empty/deep; for f in $(seq 40); do printf "$d $f" > d$d/e/f$f; done
ln -s ../../../outside/far d$d/e/link; ln -s f1 d$d/e/near; done; find . -type f -exec touch -d @1500000000 {} +; cd ..
cp -a source basis; find basis -name 'f1*' -exec chmod 600 {} +; rm -r basis/d7; touch -d @1500000000 outside/far`;

const LENS: MirrorOptions = { chmod: "D750,F640", ...(isRoot() ? { chown: "5:6" } : {}) };

const CASES: readonly MirrorOptions[] = [
  { linkDest: ["../basis"], oneFileSystem: true, pruneEmptyDirs: true },
  { copyDest: ["../basis"], copyUnsafeLinks: true, ...LENS },
  { compareDest: ["../basis"], copyLinks: true },
  { safeLinks: true, ...LENS },
];

describe("mirror() with several threads", () => {
  for (const options of CASES) {
    it(`ends as with one: ${JSON.stringify(options)}`, requires("Linux"), () =>
      withWorkspace(async (at) => {
        mustRun("bash", ["-ec", SOURCE], { cwd: at.path });
        const done = [];
        for (const jobs of [1, 4]) {
          const report = await mirror(at.at("source"), at.at(`to${jobs}`), { ...options, jobs }).run();
          assertEquals([report.failures, report.warnings], [[], []]);
          done.push(report.done);
        }
        assertEquals(done[1], done[0]);
        assertEquals(compareTrees(walkTree(at.at("to1")), walkTree(at.at("to4"))), []);
      }));
  }
});
