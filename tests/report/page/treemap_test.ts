import fc from "fast-check";
import { squarify } from "../../../lib/report/page/treemap.ts";
import { assert, assertAlmostEquals, assertEquals, describe, it } from "../../support/test_api.ts";

const AREA = { x: 10, y: 20, width: 600, height: 400 };

describe("squarify()", () => {
  it("gives each value its share of the area, all inside and none over another", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 40 }), (given) => {
        const values = given.sort((a, b) => b - a);
        const total = values.reduce((a, b) => a + b, 0);
        const rects = squarify(values, AREA);
        assertEquals(rects.length, values.length);
        for (const [at, { x, y, width, height }] of rects.entries()) {
          assertAlmostEquals((width * height) / (AREA.width * AREA.height), values[at]! / total, 1e-6);
          assert(x >= AREA.x - 1e-6 && y >= AREA.y - 1e-6);
          assert(x + width <= AREA.x + AREA.width + 1e-6 && y + height <= AREA.y + AREA.height + 1e-6);
        }
        for (const [at, a] of rects.entries()) {
          for (const b of rects.slice(at + 1)) {
            const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
            const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
            assert(across < 1e-6 || down < 1e-6);
          }
        }
      }),
    );
  });

  it("makes equal values nearly square", () => {
    const rects = squarify(Array.from({ length: 24 }, () => 1), AREA);
    for (const { width, height } of rects) assert(Math.max(width / height, height / width) < 1.6);
  });

  it("takes nothing, and no area", () => {
    assertEquals(squarify([], AREA), []);
    for (const { width, height } of squarify([2, 1], { x: 0, y: 0, width: 0, height: 5 })) {
      assertEquals(width * height, 0);
    }
  });
});
