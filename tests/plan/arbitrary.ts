/** Random actions and entries, as extreme as a file system or a hand could make them. */
import fc from "fast-check";
import { decodeName, encodeName } from "../../lib/bytes/name.ts";
import type { Entry, Kind } from "../../lib/model/entry.ts";
import { temporaryName } from "../../lib/model/leftover.ts";
import { parseRelPath, type RelPath } from "../../lib/model/rel_path.ts";
import type { Action, Reason } from "../../lib/plan/action.ts";
import type { PlanHeader } from "../../lib/plan/codec.ts";
import { CAUSE_NAMES } from "../../lib/model/cause.ts";
import { addAction, emptySummary } from "../../lib/plan/summary.ts";

/** Kinds that a special file has. */
const SPECIALS: readonly Kind[] = ["fifo", "socket", "block-device", "character-device"];
const REASONS: readonly Reason[] = [
  "missing",
  "kind",
  "link",
  "extraneous",
  "excluded",
  "size",
  "time",
  "mode",
  "xattrs",
  "content",
];

/** Any bytes that can be a name. */
const names: fc.Arbitrary<string> = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 12 })
    .map((bytes) => decodeName(bytes.map((byte) => byte === 0 || byte === 0x2f ? 0xff : byte))),
  fc.string({ minLength: 1, maxLength: 8, unit: "binary" }).map((text) => text.replace(/[/\0]/g, "x").toWellFormed()),
  fc.constantFrom("__proto__", "a", "\u{1f600}", "\ufeff", "\n", '"', "\\", "constructor", "\ufffd"),
).filter((name) => name !== "." && name !== "..");

/** Paths of one to four names. */
export const paths: fc.Arbitrary<RelPath> = fc.array(names, { minLength: 1, maxLength: 4 })
  .map((parts) => parseRelPath(parts.join("/")));

const uint32 = fc.oneof(fc.nat(70_000), fc.constantFrom(0, 0xffff_fffe, 0xffff_ffff));
const wide = fc.oneof(fc.nat(), fc.constantFrom(0, 2 ** 53 - 1, 2 ** 53 + 2, 2 ** 63), fc.maxSafeNat());
const base64 = fc.uint8Array({ maxLength: 9 }).map((bytes) => bytes.toBase64());
const xattrs = fc.array(fc.tuple(fc.oneof(names.map((name) => `user.${name}`), names), base64), { maxLength: 3 })
  .map((pairs) => Object.fromEntries(pairs));

/** Any entry of some kinds; a symlink has a target and a device its numbers. */
export function entries(...kinds: readonly Kind[]): fc.Arbitrary<Entry> {
  const base = fc.record({
    kind: fc.constantFrom(...kinds),
    mode: fc.nat(0o7777),
    uid: uint32,
    gid: uint32,
    size: wide,
    mtimeSeconds: fc.oneof(wide, wide.map((value) => 0 - value), fc.constantFrom(-1, -(2 ** 63))),
    mtimeNanoseconds: fc.oneof(fc.nat(999_999_999), fc.constantFrom(0, 999_999_999)),
    allocated: wide,
  });
  const extras = fc.record({ target: paths, device: fc.tuple(uint32, uint32), xattrs: fc.option(xattrs) });
  return fc.tuple(base, extras).map(([entry, { target, device, xattrs }]) => ({
    ...entry,
    ...(entry.kind === "symlink" ? { target: `../${target}`, size: encodeName(target).length + 3 } : {}),
    ...(entry.kind.endsWith("-device") ? { device } : {}),
    ...(xattrs === null ? {} : { xattrs }),
  }));
}

const anyEntry = entries("file", "directory", "symlink", ...SPECIALS);
const reasons = fc.uniqueArray(fc.constantFrom(...REASONS), { minLength: 1 });
const have = fc.option(anyEntry).map((entry) => (entry === null ? {} : { have: entry }));

function creations(op: "create-directory" | "write-file" | "create-symlink" | "create-special", ...kinds: Kind[]) {
  return fc.tuple(paths, entries(...kinds), have, reasons)
    .map(([path, want, have, reasons]): Action => ({ op, path, want, ...have, reasons }));
}

const found = fc.tuple(
  creations("write-file", "file"),
  fc.record({ index: fc.nat(19), found: entries("file"), links: fc.boolean() }),
).map(([action, basis]): Action => ({ ...action, basis }) as Action);

const links = fc.tuple(paths, paths, entries("file", "symlink"), have, fc.option(anyEntry), reasons)
  .map(([path, to, want, have, toHave, reasons]): Action => ({
    ...{ op: "link", path, want, reasons },
    to: to === path ? parseRelPath(`${to}~`) : to,
    ...have,
    ...(toHave === null ? {} : { toHave }),
  }));

const metadata = fc.tuple(paths, fc.constantFrom<Kind>("file", "directory", "symlink"), reasons)
  .chain(([path, kind, reasons]) =>
    fc.tuple(entries(kind), entries(kind)).map(([want, have]): Action => ({
      ...{ op: "set-metadata", path, want, have, reasons },
    }))
  );

const sweeps = fc.tuple(paths, anyEntry, fc.nat()).map(([path, have, serial]): Action => ({
  ...{ op: "sweep", have, reasons: ["leftover"] },
  path: parseRelPath(`${path}/${temporaryName("0123456789ab", serial)}`),
}));

const deletions = fc.tuple(paths, anyEntry)
  .map(([path, have]): Action => ({ op: "delete", path, have, reasons: ["extraneous"] }));

const removals = fc.tuple(paths, entries("file", "symlink", ...SPECIALS))
  .map(([path, want]): Action => ({ op: "remove-source", path, want, reasons: ["arrived"] }));
const moves = fc.tuple(paths, paths, fc.constantFrom<Kind>("file", "directory"), fc.nat(), wide)
  .chain(([path, from, kind, entryCount, bytes]) =>
    fc.tuple(entries(kind), entries(kind)).map(([want, have]): Action => ({
      ...{ op: "move", path, want, have, reasons: ["moved", "mode"], entries: entryCount + 1, bytes },
      from: parseRelPath(`${from}`.split("/")[0] === path.split("/")[0] ? `~${from}` : from),
    }))
  );

/** Any action. */
export const actions: fc.Arbitrary<Action> = fc.oneof(
  creations("create-directory", "directory"),
  creations("write-file", "file"),
  found,
  creations("create-symlink", "symlink"),
  creations("create-special", ...SPECIALS),
  links,
  metadata,
  moves,
  sweeps,
  deletions,
  removals,
);

const failures = fc.record({
  path: fc.oneof(paths, fc.constant("")),
  code: fc.constantFrom("permission" as const, "vanished" as const),
  message: fc.string({ unit: "binary" }),
  side: fc.constantFrom("source" as const, "destination" as const),
}, { requiredKeys: ["path", "code", "message"] });

const CAUSE_COUNTS = fc.record({ failed: fc.nat(), warned: fc.nat(), ignored: fc.nat() });

const HEADER_KEYS = [
  ...["task", "source", "destination", "options", "summary", "warnings", "failures", "failureCount", "causes"] as const,
];

/** Any header that belongs to some actions. */
export function headersOf(actions: readonly Action[]): fc.Arbitrary<PlanHeader> {
  const summary = { ...emptySummary(), sourceEntries: 9, skipped: { symlinks: 1, specials: 2, devices: 3 } };
  for (const action of actions) addAction(summary, action);
  return fc.record({
    task: fc.constant("mirror" as const),
    source: fc.oneof(paths, fc.constant("/")),
    destination: fc.oneof(paths, fc.constant("host:/srv")),
    options: fc.dictionary(
      fc.stringMatching(/^[a-z][A-Za-z0-9]{0,9}$/),
      fc.oneof(fc.boolean(), fc.integer(), fc.string(), fc.constant([null, {}])),
    ),
    summary: fc.constant(summary),
    warnings: fc.array(fc.record({ name: fc.string(), message: fc.string() }), { maxLength: 2 }),
    failures: fc.array(failures, { maxLength: 3 }),
    failureCount: fc.nat().map((more) => 3 + more),
    causes: fc.dictionary(fc.constantFrom(...CAUSE_NAMES), CAUSE_COUNTS),
    needs: fc.record({ bytes: fc.nat(), entries: fc.nat() }),
  }, { requiredKeys: HEADER_KEYS });
}
