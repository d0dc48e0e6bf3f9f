/** Which file is like another one: the rules, and what holds for any names. */
import fc from "fast-check";
import { chooseSimilar, nameDistance, type SimilarFile } from "../../lib/delta/similar_file.ts";
import { assert, assertEquals, describe, it } from "../support/test_api.ts";

function file(name: string, size = 1, mtimeSeconds = 0, mtimeNanoseconds = 0): SimilarFile {
  return { name, size, mtimeSeconds, mtimeNanoseconds };
}

const name = fc.string({ unit: fc.constantFrom(..."ab.-1"), minLength: 1, maxLength: 9 });
const similarFile = fc.record({
  name,
  size: fc.nat(3),
  mtimeSeconds: fc.nat(1),
  mtimeNanoseconds: fc.nat(1),
});

describe("nameDistance()", () => {
  for (
    const [one, other, distance] of [
      ["backup-2026-11-23.tar", "backup-2026-11-24.tar", 1],
      ["log.1", "log.2", 1],
      ["a", "a", 0],
      ["aaa", "aa", 1],
      ["abc", "xyz", 3],
      ["", "abc", 3],
      ["app-1.2.9.zip", "app-1.2.10.zip", 2],
    ] as const
  ) {
    it(`of ${JSON.stringify([one, other])} is ${distance}`, () => {
      assertEquals([nameDistance(one, other), nameDistance(other, one)], [distance, distance]);
    });
  }

  it("is what is left of the longer name, and nothing only for equal names", () => {
    fc.assert(fc.property(name, name, name, (start, middle, end) => {
      const distance = nameDistance(start + middle + end, start + end);
      assert(distance <= middle.length);
      assertEquals(nameDistance(start, middle) === 0, start === middle);
    }));
  });
});

describe("chooseSimilar()", () => {
  it("prefers equal size and time, whatever the name", () => {
    const renamed = file("quite-other", 5, 7, 1);
    assertEquals(chooseSimilar(file("disk.img", 5, 7, 1), [file("disk.im"), renamed]), renamed);
    assertEquals(chooseSimilar(file("disk.img", 5, 7, 2), [file("disk.im"), renamed])?.name, "disk.im");
  });

  it("then the closest name, then the closest size", () => {
    const there = [file("app-1.0.zip", 9), file("app-1.1.zip", 8), file("app.zip", 7), file("other")];
    assertEquals(chooseSimilar(file("app-1.2.zip", 6), there)?.name, "app-1.1.zip");
    assertEquals(chooseSimilar(file("app-2.0.zip", 2), there)?.name, "app-1.0.zip");
  });

  it("takes nothing that is not similar", () => {
    assertEquals(chooseSimilar(file("a-name", 1, 1), [file("quite-another"), file("third")]), undefined);
    assertEquals(chooseSimilar(file("a-name"), []), undefined);
  });

  it("chooses the same in any order, and nobody is closer", () => {
    fc.assert(
      fc.property(similarFile, fc.uniqueArray(similarFile, { selector: (each) => each.name }), (wanted, there) => {
        const chosen = chooseSimilar(wanted, there);
        assertEquals(chooseSimilar(wanted, [...there].reverse()), chosen);
        const isRenamed = (each: SimilarFile) =>
          JSON.stringify({ ...each, name: wanted.name }) === JSON.stringify(wanted);
        const renamed = there.filter(isRenamed);
        if (renamed.length > 0) return assert(chosen !== undefined && isRenamed(chosen));
        const near = there.map((each) => [nameDistance(wanted.name, each.name), each] as const)
          .filter(([distance, each]) => distance <= Math.max(wanted.name.length, each.name.length) / 2);
        assertEquals(chosen === undefined, near.length === 0);
        if (chosen === undefined) return;
        assertEquals(nameDistance(wanted.name, chosen.name), Math.min(...near.map(([distance]) => distance)));
      }),
    );
  });
});
