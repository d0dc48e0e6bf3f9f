import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";
import { changeWithin, settle } from "../../lib/apply/settle.ts";
import { finish, type Steps } from "../../lib/model/steps.ts";
import { ROOT } from "../../lib/model/rel_path.ts";
import { entryAt, Pair, type PairOptions, recordOperations } from "./fixture.ts";

const ORDINARY: PairOptions = { rules: { privileged: false, owners: false } };

/** Opens, changes and settles the directory `d`; answers what it is then, and what was called. */
function settled(options: PairOptions, mode: number): { mode: number; mtime: string; seen: string[] } {
  const source = { "d": { dir: { "f": { file: "x" } }, mode: 0o555, uid: 3, mtime: "5.5" } };
  const pair = new Pair(source, { "d": { dir: {}, mode, mtime: "1" } }, options);
  const directory = pair.destination.open(pair.change("d").path);
  const want = entryAt(pair.source, "d")!;
  const seen = recordOperations(pair);
  finish(changeWithin(
    pair.context,
    directory,
    () => want,
    work(() => {
      pair.apply(pair.change("d/f"));
      seen.length = 0;
    }),
  ));
  const node = pair.destination.dump()["d"]!;
  return { mode: "mode" in node ? node.mode! : 0, mtime: "mtime" in node ? node.mtime! : "", seen: [...seen] };
}

describe("settle()", () => {
  it("gives a directory its metadata after what is in it was changed", () => {
    assertEquals(settled({}, 0o755), { mode: 0o555, mtime: "5.5", seen: ["entry d", "setMetadata d"] });
    assertEquals(settled(ORDINARY, 0o500).mode, 0o555);
  });

  it("gives the permissions back that it had when none are carried", () => {
    const found = settled({ rules: { ...ORDINARY.rules, modes: false, times: false } }, 0o500);
    assertEquals(found.mode, 0o500);
  });

  it("sets nothing on a directory that is right", () => {
    const pair = new Pair({ "d": { dir: {}, mtime: "5" } }, { "d": { dir: {}, mtime: "5" } });
    const want = entryAt(pair.source, "d")!;
    const directory = pair.destination.open(pair.change("d").path);
    const seen = recordOperations(pair);
    settle(pair.context, directory, want, want);
    assertEquals(seen, ["entry d"]);
  });
});

describe("changeWithin()", () => {
  it("lets an owner without privileges change what is in a directory, and leaves others alone", () => {
    const modes = [0o755, 0o500, 0o077].map((mode) => modeWhile(ORDINARY, mode));
    assertEquals(modes, [[0o755, 0o755], [0o700, 0o500], [0o777, 0o077]]);
    assertEquals(modeWhile({}, 0), [0, 0]);
  });

  it("closes a directory again when the work fails or is stopped", () => {
    for (const end of ["fail", "stop"]) {
      const pair = new Pair({}, {}, ORDINARY);
      const root = pair.destination.open(ROOT);
      root.setMetadata(undefined, { mode: 0o500 });
      const steps = changeWithin(pair.context, root, () => undefined, failing(end));
      if (end === "fail") assertThrows(() => finish(steps));
      else {
        steps.next();
        steps.return();
      }
      assertEquals(root.entry().mode, 0o500, end);
    }
  });

  it("closes a directory again in which nothing had to be settled", () => {
    const pair = new Pair({}, {}, ORDINARY);
    const root = pair.destination.open(ROOT);
    root.setMetadata(undefined, { mode: 0o500 });
    const want = root.entry();
    finish(changeWithin(pair.context, root, () => want, work(() => {}, false)));
    assertEquals(root.entry().mode, 0o500);
  });
});

// deno-lint-ignore require-yield -- work without steps is work, too
function* work(body: () => void, touched = true): Steps<boolean> {
  body();
  return touched;
}

function* failing(end: string): Steps<boolean> {
  if (end === "fail") throw new Error("it fails");
  yield;
  return true;
}

/** The mode of a directory while it is worked in, and after it. */
function modeWhile(options: PairOptions, mode: number): [number, number] {
  const pair = new Pair({}, {}, options);
  const root = pair.destination.open(ROOT);
  root.setMetadata(undefined, { mode });
  const want = root.entry();
  let during = 0;
  finish(changeWithin(pair.context, root, () => want, work(() => during = root.entry().mode)));
  return [during, root.entry().mode];
}
