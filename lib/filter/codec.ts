/**
 * The JSON form of a filter in a saved plan. Names that are not UTF-8 are kept as base64; everything is checked where
 * it arrives.
 *
 * @module
 */
import { decodeName, encodeName, isUnicodeName } from "../bytes/name.ts";
import { printable } from "../bytes/printable.ts";
import { SyncError } from "../errors.ts";
import { MAX_RULES } from "./collect_rules.ts";
import {
  type PatternRule,
  type PerDirectoryRule,
  type Place,
  type Rule,
  type RuleFileFormat,
  ruleFileName,
  type RuleModifiers,
  type RuleSide,
} from "./rule.ts";
import type { FilterLimits, FilterSpec, ListedPath } from "./spec.ts";

/** Anything that JSON can say. */
type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * Gives a filter its JSON form.
 *
 * @param spec The filter.
 * @returns Plain data that JSON keeps without loss.
 */
export function encodeFilter(spec: FilterSpec): { readonly [name: string]: Json } {
  return encodeTexts(spec as unknown as Json) as { readonly [name: string]: Json };
}

function encodeTexts(value: Json): Json {
  if (typeof value === "string") return isUnicodeName(value) ? value : { base64: encodeName(value).toBase64() };
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(encodeTexts);
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, encodeTexts(field)]));
}

/**
 * Reads the JSON form of a filter.
 *
 * @param value What arrived.
 * @returns The filter.
 * @throws {SyncError} code `"plan-damaged"` when it is none.
 */
export function decodeFilter(value: unknown): FilterSpec {
  const fields = new Reader(value, "filter");
  const spec: FilterSpec = {
    rules: fields.list("rules", MAX_RULES, readRule),
    gitignore: fields.boolean("gitignore"),
    deleteExcluded: fields.boolean("deleteExcluded"),
    from0: fields.boolean("from0"),
    cvs: fields.list("cvs", MAX_RULES, readPatternRule),
    limits: fields.with("limits", readLimits),
    recursive: fields.boolean("recursive"),
    ...fields.optional("paths", () => fields.list("paths", MAX_PATHS, readPath)),
    ...fields.optional("roots", () => fields.with("roots", readRoots)),
  };
  fields.done();
  return spec;
}

const MAX_PATHS = 10_000_000;

function readLimits(fields: Reader): FilterLimits {
  return {
    ...fields.optional("maxSize", () => fields.number("maxSize")),
    ...fields.optional("minSize", () => fields.number("minSize")),
    ...fields.optional("newerThan", () => fields.number("newerThan")),
    ...fields.optional("olderThan", () => fields.number("olderThan")),
  };
}

function readRoots(fields: Reader): NonNullable<FilterSpec["roots"]> {
  return { sender: fields.text("sender"), receiver: fields.text("receiver") };
}

function readPath(fields: Reader): ListedPath {
  const path = fields.text("path");
  const isOutside = path !== "" && path.split("/").some((name) => name === "" || name === "." || name === "..");
  if (isOutside || path.includes("\0")) throw damaged(`"${printable(path)}" in its list is no path below the source`);
  return { path, ...fields.flag("contents") };
}

function readRule(fields: Reader): Rule {
  return fields.oneOf("type", TYPES) === "per-directory" ? readPerDirectoryRule(fields) : readPatternRule(fields);
}

const TYPES = ["include", "exclude", "per-directory"] as const;
const SIDES: readonly RuleSide[] = ["unsaid", "sender", "receiver", "both"];

function readPatternRule(fields: Reader): PatternRule {
  return {
    type: fields.oneOf("type", ["include", "exclude"] as const),
    pattern: fields.text("pattern"),
    side: fields.oneOf("side", SIDES),
    ...readModifiers(fields),
    ...fields.flag("negated"),
    ...fields.flag("xattr"),
    ...fields.flag("git"),
    place: fields.with("place", readPlace),
  };
}

function readPerDirectoryRule(fields: Reader): PerDirectoryRule {
  const file = fields.text("file");
  if (ruleFileName(file) === undefined) throw damaged(`"${printable(file)}" in a rule is no file of a directory`);
  return {
    type: fields.oneOf("type", ["per-directory"] as const),
    file,
    inherited: fields.boolean("inherited"),
    format: fields.with("format", readFormat),
    place: fields.with("place", readPlace),
  };
}

function readFormat(fields: Reader): RuleFileFormat {
  return {
    side: fields.oneOf("side", SIDES),
    ...readModifiers(fields),
    ...fields.optional("only", () => fields.oneOf("only", ["include", "exclude"] as const)),
    ...fields.flag("words"),
    ...fields.flag("cvs"),
  };
}

function readModifiers(fields: Reader): RuleModifiers {
  return { ...fields.flag("absolute"), ...fields.flag("perishable") };
}

function readPlace(fields: Reader): Place {
  return {
    source: fields.text("source"),
    ...fields.optional("line", () => fields.number("line")),
    ...fields.optional("column", () => fields.number("column")),
  };
}

function damaged(why: string): SyncError {
  return new SyncError("plan-damaged", `Cannot read the filter of the plan: ${why}`);
}

/** The fields of one object. Each is asked for once; what nobody asked for is refused at the end. */
class Reader {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #of: string;
  readonly #asked = new Set<string>();

  constructor(value: unknown, of: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw damaged(`"${of}" is no object`);
    this.#fields = value as Record<string, unknown>;
    this.#of = of;
  }

  done(): void {
    for (const field of Object.keys(this.#fields)) {
      if (!this.#asked.has(field)) throw damaged(`"${this.#of}" has the unknown field "${printable(field)}"`);
    }
  }

  boolean(field: string): boolean {
    const value = this.#value(field);
    return typeof value === "boolean" ? value : this.#refuse(field, "true or false");
  }

  number(field: string): number {
    const value = this.#value(field);
    return typeof value === "number" && Number.isFinite(value) ? value : this.#refuse(field, "a number");
  }

  text(field: string): string {
    const value = this.#value(field);
    if (typeof value === "string" && isUnicodeName(value)) return value;
    if (typeof value !== "object" || value === null) return this.#refuse(field, "a text");
    const { base64 } = value as { base64?: unknown };
    if (typeof base64 !== "string" || Object.keys(value).length > 1) return this.#refuse(field, "a text or base64");
    try {
      return decodeName(Uint8Array.fromBase64(base64));
    } catch {
      return this.#refuse(field, "a text or base64");
    }
  }

  oneOf<Value extends string>(field: string, values: readonly Value[]): Value {
    const value = this.#value(field);
    return values.find((known) => known === value) ?? this.#refuse(field, `one of ${values.join(", ")}`);
  }

  flag<Field extends string>(field: Field): { readonly [name in Field]?: true } {
    if (!Object.hasOwn(this.#fields, field)) return {};
    if (this.#value(field) !== true) return this.#refuse(field, "true");
    return { [field]: true } as { readonly [name in Field]?: true };
  }

  optional<Field extends string, Value>(field: Field, read: () => Value): { readonly [name in Field]?: Value } {
    if (!Object.hasOwn(this.#fields, field)) return {};
    return { [field]: read() } as unknown as { readonly [name in Field]?: Value };
  }

  with<Value>(field: string, read: (fields: Reader) => Value): Value {
    return readAll(new Reader(this.#value(field), `${this.#of}.${field}`), read);
  }

  list<Value>(field: string, most: number, read: (fields: Reader) => Value): Value[] {
    const value = this.#value(field);
    if (!Array.isArray(value) || value.length > most) return this.#refuse(field, `a list of at most ${most}`);
    return value.map((one, at) => readAll(new Reader(one, `${this.#of}.${field}[${at}]`), read));
  }

  #value(field: string): unknown {
    this.#asked.add(field);
    return Object.hasOwn(this.#fields, field) ? this.#fields[field] : undefined;
  }

  #refuse(field: string, wanted: string): never {
    const state = Object.hasOwn(this.#fields, field) ? "is something else" : "is missing";
    throw damaged(`"${this.#of}.${field}" ${state}, it must be ${wanted}`);
  }
}

function readAll<Value>(fields: Reader, read: (fields: Reader) => Value): Value {
  const value = read(fields);
  fields.done();
  return value;
}
