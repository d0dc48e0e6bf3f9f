import { assertEquals, describe, it } from "../support/test_api.ts";
import { openUp, settle } from "../../lib/apply/settle.ts";
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
  const before = openUp(pair.context, directory);
  pair.apply(pair.change("d/f"));
  seen.length = 0;
  settle(pair.context, directory, want, before);
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

describe("openUp()", () => {
  it("lets an owner without privileges change what is in a directory, and leaves others alone", () => {
    const modes = [0o755, 0o500, 0o077].map((mode) => {
      const pair = new Pair({}, {}, ORDINARY);
      pair.destination.open(ROOT).setMetadata(undefined, { mode });
      assertEquals(openUp(pair.context, pair.destination.open(ROOT)).mode, mode);
      return pair.destination.open(ROOT).entry().mode;
    });
    assertEquals(modes, [0o755, 0o700, 0o777]);
    const privileged = new Pair({}, {});
    privileged.destination.open(ROOT).setMetadata(undefined, { mode: 0 });
    openUp(privileged.context, privileged.destination.open(ROOT));
    assertEquals(privileged.destination.open(ROOT).entry().mode, 0);
  });
});
