/**
 * What an entry is expected to be, against what it is: everything that is known of it counts, whether it is carried or
 * not.
 *
 * @module
 */
import type { Entry } from "../../../lib/model/entry.ts";

/**
 * Says in what way an entry is not what was expected.
 *
 * @param side Where it is, in words.
 * @param expected What was expected; `undefined` for nothing.
 * @param found What is there; `undefined` for nothing.
 * @param withTime Whether its time counts. @default {true}
 * @returns Words, or `undefined` when it is as expected.
 */
export function differenceInWords(
  side: string,
  expected: Entry | undefined,
  found: Entry | undefined,
  withTime = true,
): string | undefined {
  if (expected === undefined) return found === undefined ? undefined : `${side} has it now`;
  if (found === undefined) return `${side} does not have it any more`;
  if (expected.kind !== found.kind) return `${side} has a ${found.kind} now, not a ${expected.kind}`;
  const differing = COMPARED
    .filter((key) => expected[key] !== found[key] && isComparable(key, expected, withTime))
    .map((key) => WORDS[key]);
  if (expected.device !== undefined && expected.device.join() !== found.device?.join()) differing.push("device number");
  if (expected.xattrs !== undefined && !sameXattrs(expected.xattrs, found.xattrs ?? {})) differing.push("attribute");
  return differing.length === 0 ? undefined : `${side} has another ${[...new Set(differing)].join(", ")} now`;
}

/** The size of a directory means nothing, and the target of a symlink that is to be removed was not read. */
function isComparable(key: typeof COMPARED[number], expected: Entry, withTime: boolean): boolean {
  if (key === "size") return expected.kind !== "directory";
  if (key === "mtimeSeconds" || key === "mtimeNanoseconds") return withTime;
  return key !== "target" || expected.target !== undefined;
}

function sameXattrs(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

const COMPARED = ["size", "mtimeSeconds", "mtimeNanoseconds", "mode", "uid", "gid", "target"] as const;
const WORDS: Readonly<Record<typeof COMPARED[number], string>> = {
  size: "size",
  mtimeSeconds: "time",
  mtimeNanoseconds: "time",
  mode: "mode",
  uid: "owner",
  gid: "group",
  target: "target",
};
