/**
 * Actions in a saved plan. An action that was read can be carried out: its paths are confined, what it wants is of the
 * kind that it makes, and what a sweep removes is a leftover.
 *
 * @module
 */
import { isTemporaryName } from "../model/leftover.ts";
import { baseName, type RelPath } from "../model/rel_path.ts";
import type { Entry, Kind } from "../model/entry.ts";
import type { Action, Basis, Move, Operation, Reason } from "./action.ts";
import { decodeEntry, encodeEntry, isDevice } from "./codec_entry.ts";
import { damage, type Fields, type Known, nameFields } from "./codec_fields.ts";

const OPERATIONS: Known<Operation> = {
  "create-directory": true,
  "write-file": true,
  "create-symlink": true,
  "create-special": true,
  "link": true,
  "set-metadata": true,
  "move": true,
  "delete": true,
  "sweep": true,
  "remove-source": true,
};

const REASONS: Known<Reason> = {
  missing: true,
  kind: true,
  link: true,
  extraneous: true,
  excluded: true,
  leftover: true,
  arrived: true,
  moved: true,
  size: true,
  time: true,
  mode: true,
  owner: true,
  group: true,
  xattrs: true,
  target: true,
  device: true,
  content: true,
  forced: true,
};

/** Trees that files can be found in. */
const MOST_BASES = 20;

/** Sizes are up to 2^64, and there may be many. */
const MOST_BYTES = 2 ** 80;

/** Kinds that each operation can make or change. */
const MAKES: Readonly<Partial<Record<Operation, readonly Kind[]>>> = {
  "create-directory": ["directory"],
  "write-file": ["file"],
  "create-symlink": ["symlink"],
  "create-special": ["fifo", "socket", "block-device", "character-device"],
  "link": ["file", "symlink", "fifo", "socket", "block-device", "character-device"],
  "remove-source": ["file", "symlink", "fifo", "socket", "block-device", "character-device"],
};

/**
 * Gives an action the form it has in a plan.
 *
 * @param action The action.
 * @returns Plain data, fields always in the same order.
 */
export function encodeAction(action: Action): Record<string, unknown> {
  return {
    op: action.op,
    ...nameFields("path", action.path),
    ...(action.op === "link" ? nameFields("to", action.to) : {}),
    ...(action.op === "move" ? nameFields("from", action.from) : {}),
    reasons: action.reasons,
    ...("want" in action ? { want: encodeEntry(action.want) } : {}),
    ...(action.have === undefined ? {} : { have: encodeEntry(action.have) }),
    ...("basis" in action && action.basis !== undefined ? { basis: encodeBasis(action.basis) } : {}),
    ...(action.op === "move" ? { entries: action.entries, bytes: action.bytes } : {}),
    ...("toHave" in action && action.toHave !== undefined ? { toHave: encodeEntry(action.toHave) } : {}),
  };
}

/**
 * Reads an action.
 *
 * @param fields What arrived.
 * @returns The action.
 * @throws {SyncError} code `"plan-damaged"`.
 */
export function decodeAction(fields: Fields): Action {
  const op = fields.oneOf("op", OPERATIONS);
  const path = fields.path("path");
  const reasons = fields.someOf("reasons", REASONS);
  switch (op) {
    case "delete":
    case "sweep": {
      checkRemoval(op, path);
      return { op, path, have: decodeEntry(fields.object("have")), reasons };
    }
    case "remove-source":
      return { op, path, want: decodeWant(fields, op, path), reasons };
    case "set-metadata":
      return { op, path, ...decodeBoth(fields, path), reasons };
    case "move":
      return { op, path, ...decodeMove(fields, path), reasons };
    default: {
      const want = decodeWant(fields, op, path);
      const have = fields.has("have") ? { have: decodeEntry(fields.object("have")) } : {};
      if (op === "write-file" && fields.has("basis")) {
        return { op, path, want, ...have, reasons, basis: decodeBasis(fields.object("basis")) };
      }
      if (op !== "link") return { op, path, want, ...have, reasons };
      const toHave = fields.has("toHave") ? { toHave: decodeEntry(fields.object("toHave")) } : {};
      return { op, path, to: decodeTo(fields, path), want, ...have, ...toHave, reasons };
    }
  }
}

function encodeBasis({ index, found, links }: Basis): Record<string, unknown> {
  return { index, links, found: encodeEntry(found) };
}

function decodeBasis(fields: Fields): Basis {
  const found = decodeEntry(fields.object("found"));
  if (found.kind !== "file") throw damage(`"basis.found" is a ${found.kind}, it must be a file`);
  const links = fields.value("links");
  if (typeof links !== "boolean") throw damage(`"basis.links" must be true or false`);
  return { index: fields.integer("index", 0, MOST_BASES - 1), found, links };
}

function checkRemoval(op: "delete" | "sweep", path: RelPath): void {
  if (path === "") throw damage(`"path" is the root, which is never removed`);
  if (op === "sweep" && !isTemporaryName(baseName(path))) throw damage(`"path" is not a leftover that could be swept`);
}

function decodeBoth(fields: Fields, path: RelPath): { want: Entry; have: Entry } {
  const want = decodeEntry(fields.object("want"));
  const have = decodeEntry(fields.object("have"));
  if (want.kind !== have.kind) throw damage(`a ${have.kind} cannot become a ${want.kind} by its metadata`);
  if (path === "" && want.kind !== "directory") throw damage(`"path" is the root, which is a directory`);
  return { want, have };
}

function decodeMove(fields: Fields, path: RelPath): Omit<Move, "op" | "path" | "reasons"> {
  const from = fields.path("from");
  if (path === "" || from === "") throw damage("the root is never moved");
  if (`${path}/`.startsWith(`${from}/`) || from.startsWith(`${path}/`)) {
    throw damage(`"from" must not be "path", nor above or below it`);
  }
  return {
    from,
    ...decodeBoth(fields, path),
    entries: fields.integer("entries", 1, Number.MAX_SAFE_INTEGER),
    bytes: fields.integer("bytes", 0, MOST_BYTES),
  };
}

function decodeWant(fields: Fields, op: Operation, path: RelPath): Entry {
  const want = decodeEntry(fields.object("want"));
  if (MAKES[op]?.includes(want.kind) !== true) {
    throw damage(`"${op}" cannot ${op === "remove-source" ? "remove" : "make"} a ${want.kind}`);
  }
  if (path === "" && op !== "create-directory") throw damage(`"path" is the root, which is a directory`);
  if (op === "create-symlink" && want.target === undefined) throw damage(`"want.target" is missing`);
  if (op === "create-special" && isDevice(want.kind) && want.device === undefined) {
    throw damage(`"want.device" is missing`);
  }
  return want;
}

function decodeTo(fields: Fields, path: RelPath): RelPath {
  const to = fields.path("to");
  if (to === "" || to === path) throw damage(`"to" must be another entry than "path"`);
  return to;
}
