/** What interrupted runs leave: never copied from a source, swept at a destination, and nothing else is taken for it. */
import { mirror } from "../../mod.ts";
import { assertEquals, describe, it, requires } from "../support/test_api.ts";
import { expectTree, makeTree, type TreeLiteral } from "../support/trees.ts";
import { withWorkspace } from "../support/workspace.ts";

const FILE = { file: "x", mtime: "1000000000" };
const RUN = ".undrift-0123456789ab";

/** Names that look alike and are somebody's own. */
const OTHERS: TreeLiteral = Object.fromEntries(
  [
    ".undrift-",
    ".undrift-x.tmp",
    `${RUN}-.tmp`,
    `${RUN}-0.tmp.`,
    `${RUN}-0`,
    `x${RUN}-0.tmp`,
    ".undrift-0123456789AB-0.tmp",
  ]
    .map((name) => [name, FILE]),
);

/** Leftovers of every kind. */
const LEFTOVERS: TreeLiteral = {
  [`${RUN}-0.tmp`]: FILE,
  [`${RUN}-z1.tmp`]: { dir: { a: FILE, d: { dir: { b: FILE, [`${RUN}-3.tmp`]: FILE } } }, mode: 0o555 },
  [`${RUN}-zz.tmp`]: { link: "nowhere" },
  [`${RUN}-2.tmp`]: { fifo: true },
};

for (const layer of ["native", "portable"] as const) {
  describe(`mirror() on the ${layer} layer`, () => {
    for (const deletes of [false, true]) {
      it(
        `sweeps leftovers at the destination, delete: ${deletes}`,
        requires("Linux"),
        () =>
          withWorkspace(async (at) => {
            makeTree(at.at("source"), { a: FILE, d: { dir: { e: { dir: { ...OTHERS } } } } });
            makeTree(at.at("to"), { ...LEFTOVERS, d: { dir: { ...LEFTOVERS, e: { dir: LEFTOVERS } } } });
            const report = await mirror(at.at("source"), at.at("to"), { layer, delete: deletes, maxDelete: 0 }).run();
            assertEquals([report.failures, report.done.swept, report.done.deleted], [[], 12, 0]);
            expectTree(at.at("to"), { a: FILE, d: { dir: { e: { dir: OTHERS } } } });
          }),
      );
    }

    it(
      "copies none from a source, and keeps what has such a name by chance alone",
      requires("Linux"),
      () =>
        withWorkspace(async (at) => {
          makeTree(at.at("source"), { a: FILE, ...LEFTOVERS, d: { dir: { ...LEFTOVERS, ...OTHERS } } });
          const report = await mirror(at.at("source"), at.at("to"), { layer, delete: true }).run();
          assertEquals([report.failures, report.outcome], [[], "done"]);
          expectTree(at.at("to"), { a: FILE, d: { dir: OTHERS } });
        }),
    );

    it(
      "takes a source that holds nothing but leftovers for an empty one",
      requires("Linux"),
      () =>
        withWorkspace(async (at) => {
          makeTree(at.at("source"), LEFTOVERS);
          makeTree(at.at("to"), { a: FILE });
          const code = await mirror(at.at("source"), at.at("to"), { layer, delete: true }).run().catch((thrown) =>
            thrown.code
          );
          assertEquals(code, "source-empty");
        }),
    );
  });
}
