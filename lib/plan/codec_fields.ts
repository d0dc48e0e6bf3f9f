/**
 * Reading the fields of a saved plan: every value is checked for its type and range where it arrives. What is wrong is
 * thrown as `"plan-damaged"` without the number of the line, which only the decoder knows.
 *
 * Fields that nobody asks for are not found here. The decoder writes what it read once more and compares (`codec.ts`).
 *
 * @module
 */
import { decodeName, isUnicodeName } from "../bytes/name.ts";
import { jsonPath, printable } from "../bytes/printable.ts";
import { asSyncError, SyncError, type SyncErrorInit } from "../errors.ts";
import { parseRelPath, type RelPath } from "../model/rel_path.ts";

/** The values of a closed union, as the keys of a table, so that the compiler notices when one is missing. */
export type Known<Value extends string> = Readonly<Record<Value, true>>;

/** Characters of a wrong value that are quoted. */
const QUOTED = 60;

/**
 * Says that a plan is damaged.
 *
 * @param why What is wrong, as the end of a sentence.
 * @param init The error underneath, and a hint of its own.
 * @returns The error, to be thrown.
 */
export function damage(why: string, init: Omit<SyncErrorInit, "path"> = {}): SyncError {
  return new SyncError("plan-damaged", why, init);
}

/**
 * Gives a name or path the form it has in a plan: `field`, and `fieldBytes` when it is not UTF-8.
 *
 * @param field Name of the field.
 * @param name The name or path.
 * @returns One or two fields; {@linkcode Fields.name} reads them.
 */
export function nameFields(field: string, name: string): Record<string, string> {
  const { path, pathBytes } = jsonPath(name);
  return { [field]: path, ...(pathBytes === undefined ? {} : { [`${field}Bytes`]: pathBytes }) };
}

/** The fields of one object of a plan. */
export class Fields {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #of: string;

  /**
   * Takes an object.
   *
   * @param value What arrived.
   * @param of Where it was found, for messages: empty for a whole line, otherwise such as `"want."`.
   * @throws {SyncError} code `"plan-damaged"` when it is not an object.
   */
  constructor(value: unknown, of = "") {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw damage(
        of === "" ? "it is not an object" : `"${of.slice(0, -1)}" is ${quoted(value)}, it must be an object`,
      );
    }
    this.#fields = value as Record<string, unknown>;
    this.#of = of;
  }

  /** Whether there is a field of that name. */
  has(field: string): boolean {
    return Object.hasOwn(this.#fields, field);
  }

  /** A value of any type; `undefined` when there is none. */
  value(field: string): unknown {
    return this.has(field) ? this.#fields[field] : undefined;
  }

  /** A text. */
  text(field: string): string {
    const value = this.value(field);
    return typeof value === "string" ? value : this.#refuse(field, "a text");
  }

  /** A text, or nothing. */
  optionalText(field: string): string | undefined {
    return this.has(field) ? this.text(field) : undefined;
  }

  /** A whole number within a range. */
  integer(field: string, least: number, most: number): number {
    const value = this.value(field);
    if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
    return this.#refuse(field, `a whole number from ${least} to ${most}`);
  }

  /** One of the values of a union. */
  oneOf<Value extends string>(field: string, known: Known<Value>): Value {
    const value = this.value(field);
    return isKnown(value, known) ? value : this.#refuse(field, `one of ${Object.keys(known).join(", ")}`);
  }

  /** Values of a union: at least one, none twice. */
  someOf<Value extends string>(field: string, known: Known<Value>): Value[] {
    const values = this.list(field);
    if (values.length === 0) return this.#refuse(field, "a list that is not empty");
    const seen = new Set<Value>();
    for (const value of values) {
      if (!isKnown(value, known)) return this.#refuse(field, `a list of ${Object.keys(known).join(", ")}`);
      if (seen.has(value)) throw damage(`"${this.#of}${field}" holds "${value}" twice`);
      seen.add(value);
    }
    return [...seen];
  }

  /** A list of anything. */
  list(field: string): readonly unknown[] {
    const value = this.value(field);
    return Array.isArray(value) ? value : this.#refuse(field, "a list");
  }

  /** An object. */
  object(field: string): Fields {
    return new Fields(this.value(field), `${this.#of}${field}.`);
  }

  /** Objects in a list. */
  objects(field: string): Fields[] {
    return this.list(field).map((value, at) => new Fields(value, `${this.#of}${field}[${at}].`));
  }

  /** A name or path, in the form of {@linkcode nameFields}. */
  name(field: string): string {
    const text = this.text(field);
    const encoded = this.optionalText(`${field}Bytes`);
    if (encoded !== undefined) return decodeName(this.#base64(`${field}Bytes`, encoded));
    return isUnicodeName(text) ? text : this.#refuse(field, "Unicode text");
  }

  /** A path below a root; empty for the root itself. */
  path(field: string): RelPath {
    const text = this.name(field);
    try {
      return parseRelPath(text);
    } catch (thrown) {
      throw damage(`"${this.#of}${field}" is ${quoted(text)}, it must stay below its root`, {
        cause: asSyncError(thrown),
      });
    }
  }

  /** Bytes as base64, left in this form. */
  base64(field: string): string {
    return this.#base64(field, this.text(field)).toBase64();
  }

  #base64(field: string, text: string): Uint8Array {
    try {
      return Uint8Array.fromBase64(text);
    } catch (thrown) {
      throw damage(`"${this.#of}${field}" is ${quoted(text)}, it must be base64`, { cause: thrown });
    }
  }

  #refuse(field: string, wanted: string): never {
    if (!this.has(field)) throw damage(`"${this.#of}${field}" is missing, it must be ${wanted}`);
    throw damage(`"${this.#of}${field}" is ${quoted(this.#fields[field])}, it must be ${wanted}`);
  }
}

/**
 * A value as it may stand in a message.
 *
 * @param value What arrived; anyone may have written it.
 * @returns The start of its JSON form, without anything that a terminal could misread.
 */
export function quoted(value: unknown): string {
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  const text = typeof value === "string" ? `"${printable(value)}"` : String(value);
  return text.length <= QUOTED ? text : `${text.slice(0, QUOTED)}...`;
}

function isKnown<Value extends string>(value: unknown, known: Known<Value>): value is Value {
  return typeof value === "string" && Object.hasOwn(known, value);
}
