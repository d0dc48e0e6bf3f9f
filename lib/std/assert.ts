/**
 * `@std/assert` as it can be had from the npm registry, with types. For tests only.
 *
 * A subset of upstream with upstream's signatures, so that moving to `jsr:@std/assert` is a change of the import map.
 */
import * as assertJs from "deno-std/assert/mod.js";

type ErrorClass<E extends Error> = abstract new (...args: never[]) => E;
type Class<T> = abstract new (...args: never[]) => T;

interface Assert {
  AssertionError: new (message: string, options?: ErrorOptions) => Error;
  assert(expr: unknown, msg?: string): asserts expr;
  assertFalse(expr: unknown, msg?: string): asserts expr is false;
  assertEquals<T>(actual: T, expected: T, msg?: string): void;
  assertNotEquals<T>(actual: T, expected: T, msg?: string): void;
  assertStrictEquals<T>(actual: unknown, expected: T, msg?: string): asserts actual is T;
  assertNotStrictEquals<T>(actual: T, expected: T, msg?: string): void;
  assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T>;
  assertAlmostEquals(actual: number, expected: number, tolerance?: number, msg?: string): void;
  assertGreater<T>(actual: T, expected: T, msg?: string): void;
  assertGreaterOrEqual<T>(actual: T, expected: T, msg?: string): void;
  assertLess<T>(actual: T, expected: T, msg?: string): void;
  assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void;
  assertMatch(actual: string, expected: RegExp, msg?: string): void;
  assertNotMatch(actual: string, expected: RegExp, msg?: string): void;
  assertStringIncludes(actual: string, expected: string, msg?: string): void;
  assertArrayIncludes<T>(actual: ArrayLike<T>, expected: ArrayLike<T>, msg?: string): void;
  assertObjectMatch(actual: Record<PropertyKey, unknown>, expected: Record<PropertyKey, unknown>, msg?: string): void;
  assertInstanceOf<T>(actual: unknown, expectedType: Class<T>, msg?: string): asserts actual is T;
  assertIsError<E extends Error>(
    error: unknown,
    errorClass?: ErrorClass<E>,
    msgMatches?: string | RegExp,
    msg?: string,
  ): asserts error is E;
  assertThrows<E extends Error = Error>(
    fn: () => unknown,
    errorClass?: ErrorClass<E>,
    msgIncludes?: string,
    msg?: string,
  ): E;
  assertRejects<E extends Error = Error>(
    fn: () => PromiseLike<unknown>,
    errorClass?: ErrorClass<E>,
    msgIncludes?: string,
    msg?: string,
  ): Promise<E>;
  equal(a: unknown, b: unknown): boolean;
  fail(msg?: string): never;
  unreachable(msg?: string): never;
}

const js = assertJs as unknown as Assert;

/** What a failed assertion throws. */
export const AssertionError: Assert["AssertionError"] = js.AssertionError;
/** Asserts that a value is truthy. */
export const assert: Assert["assert"] = js.assert;
/** Asserts that a value is falsy. */
export const assertFalse: Assert["assertFalse"] = js.assertFalse;
/** Asserts that two values are equal in depth. */
export const assertEquals: Assert["assertEquals"] = js.assertEquals;
/** Asserts that two values are not equal in depth. */
export const assertNotEquals: Assert["assertNotEquals"] = js.assertNotEquals;
/** Asserts that two values are the same, as `Object.is` has it. */
export const assertStrictEquals: Assert["assertStrictEquals"] = js.assertStrictEquals;
/** Asserts that two values are not the same, as `Object.is` has it. */
export const assertNotStrictEquals: Assert["assertNotStrictEquals"] = js.assertNotStrictEquals;
/** Asserts that a value is neither `null` nor `undefined`. */
export const assertExists: Assert["assertExists"] = js.assertExists;
/** Asserts that two numbers are equal within a tolerance. */
export const assertAlmostEquals: Assert["assertAlmostEquals"] = js.assertAlmostEquals;
/** Asserts that the first value is greater than the second. */
export const assertGreater: Assert["assertGreater"] = js.assertGreater;
/** Asserts that the first value is greater than the second or equal to it. */
export const assertGreaterOrEqual: Assert["assertGreaterOrEqual"] = js.assertGreaterOrEqual;
/** Asserts that the first value is less than the second. */
export const assertLess: Assert["assertLess"] = js.assertLess;
/** Asserts that the first value is less than the second or equal to it. */
export const assertLessOrEqual: Assert["assertLessOrEqual"] = js.assertLessOrEqual;
/** Asserts that a text matches a pattern. */
export const assertMatch: Assert["assertMatch"] = js.assertMatch;
/** Asserts that a text does not match a pattern. */
export const assertNotMatch: Assert["assertNotMatch"] = js.assertNotMatch;
/** Asserts that a text has another in it. */
export const assertStringIncludes: Assert["assertStringIncludes"] = js.assertStringIncludes;
/** Asserts that an array has all values of another in it. */
export const assertArrayIncludes: Assert["assertArrayIncludes"] = js.assertArrayIncludes;
/** Asserts that an object has at least the properties of another. */
export const assertObjectMatch: Assert["assertObjectMatch"] = js.assertObjectMatch;
/** Asserts that a value is an instance of a class. */
export const assertInstanceOf: Assert["assertInstanceOf"] = js.assertInstanceOf;
/** Asserts that a value is an error of a class, with a message. */
export const assertIsError: Assert["assertIsError"] = js.assertIsError;
/** Asserts that a function throws; returns what it threw. */
export const assertThrows: Assert["assertThrows"] = js.assertThrows;
/** Asserts that a function returns a promise which rejects; returns what it rejected with. */
export const assertRejects: Assert["assertRejects"] = js.assertRejects;
/** Tells whether two values are equal in depth. */
export const equal: Assert["equal"] = js.equal;
/** Fails. */
export const fail: Assert["fail"] = js.fail;
/** Fails, where control must not come. */
export const unreachable: Assert["unreachable"] = js.unreachable;
