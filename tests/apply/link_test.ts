/** Hard links, as actions of a plan. */
import { assertEquals, describe, it } from "../support/test_api.ts";
import { parseRelPath } from "../../lib/model/rel_path.ts";
import type { LinkFile } from "../../lib/plan/action.ts";
import { entryAt, Pair } from "./fixture.ts";

function link(pair: Pair, path: string, to: string): LinkFile {
  const have = entryAt(pair.destination, path);
  return {
    ...{ op: "link", path: parseRelPath(path), to: parseRelPath(to), reasons: ["link"] },
    want: entryAt(pair.source, path)!,
    ...(have === undefined ? {} : { have }),
  };
}

const SOURCE = { "a": { file: "new" }, "b": { hardLinkOf: "a" }, "d": { dir: { "c": { hardLinkOf: "a" } } } };

describe("applyChanges() of hard links", () => {
  it("gives a file more names, in other directories and over what is there", () => {
    for (const there of [{ file: "old" }, { link: "x" }, { dir: {} }]) {
      const pair = new Pair(SOURCE, { "b": there, "d": { dir: {} } });
      pair.apply(pair.change("a"), link(pair, "b", "a"));
      pair.apply(link(pair, "d/c", "b"));
      assertEquals([pair.failed, pair.contents], [[], SOURCE]);
    }
  });

  it("does not link to the old content of a file that could not be made", () => {
    const old = { "a": { file: "old" }, "b": { file: "other" }, "d": { dir: {} } };
    const pair = new Pair(SOURCE, old);
    const actions = [pair.change("a"), link(pair, "b", "a")];
    pair.source.remove("a");
    pair.apply(...actions);
    pair.apply(link(pair, "d/c", "a"));
    assertEquals([pair.applied, pair.failed], [[], ["source-vanished a", "vanished b", "vanished d/c"]]);
    assertEquals(pair.contents, old);
  });

  it("tells when the file is gone, with the path of the link", () => {
    const pair = new Pair(SOURCE, { "d": { dir: {} } });
    pair.apply(link(pair, "b", "a"));
    pair.apply(link(pair, "b", "e/a"));
    assertEquals([pair.applied, pair.failed], [[], ["vanished b", "vanished b"]]);
  });
});
