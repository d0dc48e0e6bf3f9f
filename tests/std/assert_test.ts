import { assert, assertEquals, AssertionError, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { assertFalse, assertGreater, assertInstanceOf, assertMatch, assertObjectMatch, equal } from "@std/assert";
import { describe, it } from "../support/test_api.ts";

describe("@std/assert", () => {
  it("passes what holds", () => {
    assert(1);
    assertFalse(0);
    assertEquals({ a: [1, new Set([2])] }, { a: [1, new Set([2])] });
    assertGreater(2n, 1n);
    assertMatch("abc", /b/);
    assertObjectMatch({ a: 1, b: 2 }, { a: 1 });
    assertInstanceOf(new TypeError(), Error);
    assertStrictEquals(equal([1], [1]), true);
  });

  it("throws an AssertionError for what does not hold", () => {
    assertThrows(() => assert(0), AssertionError);
    assertThrows(() => assertEquals({ a: 1 }, { a: 2 }), AssertionError, "not equal");
    assertThrows(() => assertMatch("abc", /x/), AssertionError);
    assertThrows(() => assertThrows(() => {}), AssertionError);
    assertThrows(() => assertThrows(() => assert(0), TypeError), AssertionError);
  });

  it("returns what a promise rejected with", async () => {
    const error = await assertRejects(() => Promise.reject(new TypeError("no")), TypeError, "no");
    assertStrictEquals(error.message, "no");
  });

  it("narrows types", () => {
    const value: string | undefined = ["x"].at(0);
    assert(value !== undefined);
    assertStrictEquals(value.length, 1);
  });
});
