/**
 * The lines of `rsync --itemize-changes`: eleven characters that say what is done with an entry and what about it
 * differs, then its name. The same change gives the same line as rsync 3.5.0 does with `-aHAX -i`; where we differ on
 * purpose, `tests/report/itemize_test.ts` lists it.
 *
 * Layout, as the manual page of rsync gives it: `YXcstpoguax`. Y is what is done (`>` content is written, `c` made,
 * `h` linked, `.` metadata only), X the kind (`f d L D S`), then content, size, time, permissions, owner, group,
 * nothing, lists, attributes.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import type { Entry, Kind, Xattrs } from "../model/entry.ts";
import type { Action, Change, Reason } from "../plan/action.ts";

const KIND_LETTER: Readonly<Record<Kind, string>> = {
  "file": "f",
  "directory": "d",
  "symlink": "L",
  "fifo": "S",
  "socket": "S",
  "block-device": "D",
  "character-device": "D",
};

/** Place of each difference after the two letters, and the letter that stands there. */
const PLACES: Readonly<Partial<Record<Reason, readonly [at: number, letter: string]>>> = {
  content: [0, "c"],
  target: [0, "c"],
  device: [0, "c"],
  size: [1, "s"],
  time: [2, "t"],
  mode: [3, "p"],
  owner: [4, "o"],
  group: [5, "g"],
};
const LISTS_AT = 7;
const ATTRIBUTES_AT = 8;
const PLACE_COUNT = 9;

/** What stands before a name that is removed; as wide as the eleven characters. */
const DELETING = "*deleting  ";
/** The same for what is removed from the source, of which rsync says nothing here. */
const REMOVING = "*removing  ";
/** The same before one that is moved, which rsync never does. */
const MOVING = "*moving    ";

/**
 * The line for one action, without its end.
 *
 * @param action A step of a plan.
 * @returns Eleven characters, a space, and the name: a directory with `/` behind it, the root as `./`, a symlink with
 * ` -> target`, a further hard link with ` => first name`.
 */
export function itemize(action: Action): string {
  if (action.op === "delete" || action.op === "sweep") return `${DELETING} ${shownPath(action.path, action.have)}`;
  if (action.op === "remove-source") return `${REMOVING} ${shownPath(action.path, action.want)}`;
  if (action.op === "move") return `${MOVING} ${shownPath(action.path, action.want)} <= ${printable(action.from)}`;
  return `${doneLetter(action)}${KIND_LETTER[action.want.kind]}${attributes(action)} ${shownName(action)}`;
}

function doneLetter(action: Change): string {
  if (action.op === "set-metadata") return ".";
  if (action.op === "link") return "h";
  if (action.op !== "write-file") return "c";
  if (action.basis === undefined) return ">";
  return action.basis.links ? "h" : "c";
}

function attributes(action: Change): string {
  if (action.op === "write-file" && action.basis !== undefined && action.have === undefined) {
    return basisAttributes(action.want, action.basis.found);
  }
  if (action.have === undefined || action.have.kind !== action.want.kind) return "+".repeat(PLACE_COUNT);
  const letters = Array.from({ length: PLACE_COUNT }, () => ".");
  for (const reason of action.reasons) {
    const place = PLACES[reason];
    if (place !== undefined) letters[place[0]] = place[1];
    if (reason === "xattrs") markXattrs(letters, action.want.xattrs ?? {}, action.have.xattrs ?? {});
  }
  const line = letters.join("");
  // All dots become spaces, unless content is written; for what is linked only, that is the usual case.
  return action.op === "write-file" || /[^.]/.test(line) ? line : " ".repeat(PLACE_COUNT);
}

/** What a file from another tree lacks there: its metadata alone. */
function basisAttributes(want: Entry, found: Entry): string {
  const letters = Array.from({ length: PLACE_COUNT }, () => ".");
  if (want.mode !== found.mode) letters[3] = "p";
  if (want.uid !== found.uid) letters[4] = "o";
  if (want.gid !== found.gid) letters[5] = "g";
  markXattrs(letters, want.xattrs ?? {}, found.xattrs ?? {});
  const line = letters.join("");
  return /[^.]/.test(line) ? line : " ".repeat(PLACE_COUNT);
}

/** Access control lists travel among the attributes, but have a letter of their own. */
function markXattrs(letters: string[], want: Xattrs, have: Xattrs): void {
  for (const name of new Set([...Object.keys(want), ...Object.keys(have)])) {
    if (want[name] === have[name]) continue;
    const isList = name.startsWith("system.posix_acl_");
    letters[isList ? LISTS_AT : ATTRIBUTES_AT] = isList ? "a" : "x";
  }
}

function shownName(action: Change): string {
  const name = shownPath(action.path, action.want);
  if (action.op === "link") return `${name} => ${printable(action.to)}`;
  return action.want.target === undefined ? name : `${name} -> ${printable(action.want.target)}`;
}

/**
 * A path as rsync lists it. rsync writes what is not printable as `\#ooo` (three octal digits), and leaves a tab, DEL
 * and invisible controls as they are; here `printable` escapes all of them (`\n`, `\xHH`, `\u{H}`), the same as in
 * every other output.
 */
function shownPath(path: string, entry: Entry): string {
  if (entry.kind !== "directory") return printable(path);
  return path === "" ? "./" : `${printable(path)}/`;
}
