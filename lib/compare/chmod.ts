/**
 * Changes of permissions in the words of `--chmod`: `D755,F644,u+rwX,go-w`. Items are separated by commas and applied
 * one after the other; `D` and `F` before an item make it one for directories or for everything else.
 *
 * @module
 */

/** One change; plain data. */
export interface ModeChange {
  /** What it is for; absent for everything. */
  readonly only?: "directory" | "other";
  /** Replaces all bits; the rest is not looked at then. */
  readonly octal?: number;
  /** What is done with the bits. */
  readonly operator: "+" | "-" | "=";
  /** Bits for reading, writing and executing that are meant, of all classes. */
  readonly who: number;
  /** The same without those that the umask forbids, where nobody was named. */
  readonly limit: number;
  /** `rwx` as a number from 0 to 7. */
  readonly permissions: number;
  /** `X`: execution, for directories and for what somebody may execute already. */
  readonly conditional: boolean;
  /** Setuid, setgid and sticky. */
  readonly special: number;
  /** Which of these `=` takes away. */
  readonly cleared: number;
  /** Takes the permissions of a class: how far its bits are shifted. */
  readonly from?: number;
}

const ITEM_REGEXP = /^(D+|F+)?(?:([0-7]+)|([ugoa]*)([-+=])([rwxXst]*|[ugo]))$/;
const MOST = 0o7777;
const ALL = 0o777;
const CLASSES: Readonly<Record<string, number>> = { u: 0o700, g: 0o070, o: 0o007, a: ALL };
const SHIFTS: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 };
const SETUID = 0o4000;
const SETGID = 0o2000;
const STICKY = 0o1000;

/**
 * Reads changes.
 *
 * @param text Items, separated by commas.
 * @param umask Bits that are left out where an item names nobody.
 * @returns The changes in order.
 * @throws {RangeError} with the item that is not understood.
 */
export function parseChmod(text: string, umask: number): ModeChange[] {
  return text.split(",").map((item) => {
    const [, only, octal, who = "", operator, permissions = ""] = ITEM_REGEXP.exec(item) ?? [];
    const scope = only === undefined ? {} : { only: only.startsWith("D") ? "directory" as const : "other" as const };
    if (octal !== undefined && parseInt(octal, 8) <= MOST) {
      return { ...scope, ...NOTHING, octal: parseInt(octal, 8) };
    }
    if (operator === undefined) {
      throw new RangeError(`Cannot use chmod ${JSON.stringify(item)}: it must be like D755, F644 or ug+rwX`);
    }
    return { ...scope, ...symbolic(who, operator as "+" | "-" | "=", permissions, umask) };
  });
}

const NOTHING = {
  operator: "+",
  who: 0,
  limit: 0,
  permissions: 0,
  conditional: false,
  special: 0,
  cleared: 0,
} as const;

function symbolic(named: string, operator: "+" | "-" | "=", letters: string, umask: number): ModeChange {
  const who = named === "" ? ALL : [...named].reduce((bits, letter) => bits | CLASSES[letter]!, 0);
  const common = { operator, who, limit: named === "" ? who & ~umask : who };
  const from = SHIFTS[letters];
  // Taking over the permissions of a class leaves nothing of those that are set.
  if (from !== undefined) return { ...NOTHING, ...common, from, cleared: specialOf(who) };
  const has = (letter: string) => letters.includes(letter);
  const both = (named === "" ? 0 : who) & (CLASSES.u! | CLASSES.g!);
  // Nobody, or others alone, stand for the owner here.
  const setId = ((both & CLASSES.u!) !== 0 || both === 0 ? SETUID : 0) | ((both & CLASSES.g!) !== 0 ? SETGID : 0);
  const special = (has("s") ? setId : 0) | (has("t") ? STICKY : 0);
  return {
    ...common,
    permissions: (has("r") ? 4 : 0) | (has("w") ? 2 : 0) | (has("x") ? 1 : 0),
    conditional: has("X"),
    special,
    cleared: special === 0 || named === "" ? 0 : specialOf(who) & ~STICKY,
  };
}

/**
 * Applies changes.
 *
 * @param mode Permissions with setuid, setgid and sticky.
 * @param isDirectory Whether they are those of a directory.
 * @param changes The changes.
 * @returns The permissions after them.
 */
export function changedMode(mode: number, isDirectory: boolean, changes: readonly ModeChange[]): number {
  // Whether somebody may execute it is a matter of the mode that it came with.
  const mayExecute = isDirectory || (mode & 0o111) !== 0;
  let bits = mode;
  for (const change of changes) {
    if (change.only !== undefined && (change.only === "directory") !== isDirectory) continue;
    bits = change.octal ?? changedOnce(bits, mayExecute, change);
  }
  return bits;
}

function changedOnce(mode: number, mayExecute: boolean, change: ModeChange): number {
  const { operator, who, limit, special, from } = change;
  let permissions = from === undefined ? change.permissions : (mode >> from) & 7;
  if (change.conditional && (mayExecute || operator === "-")) permissions |= 1;
  const bits = permissions * 0o111 & limit | special;
  if (operator === "+") return mode | bits;
  if (operator === "-") return mode & ~bits;
  return mode & ~(who | change.cleared) | bits;
}

function specialOf(who: number): number {
  return ((who & CLASSES.u!) !== 0 ? SETUID : 0) | ((who & CLASSES.g!) !== 0 ? SETGID : 0) |
    ((who & CLASSES.o!) !== 0 ? STICKY : 0);
}
