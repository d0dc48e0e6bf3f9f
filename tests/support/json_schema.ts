/**
 * A strict reading of the part of JSON Schema (2020-12) that our schema uses. Stricter than the standard on purpose: a
 * property that the schema does not name is a breach, and a keyword that is not known here an error, so that neither
 * our output nor our schema can grow unseen.
 */

/** A schema, as JSON. */
export interface Schema {
  readonly [keyword: string]: unknown;
}

const NOTES = ["$schema", "$defs", "title", "description"];

/** Returns what is wrong with a value, a line each. */
export function schemaBreaches(root: Schema, value: unknown): string[] {
  return breaches(root, root, value, "");
}

function breaches(root: Schema, schema: Schema, value: unknown, at: string): string[] {
  return Object.entries(schema).flatMap(([keyword, wanted]) => {
    if (NOTES.includes(keyword)) return [];
    const check = KEYWORDS[keyword];
    if (check === undefined) throw new Error(`Cannot read the schema: ${keyword} is not known`);
    return check({ root, schema, wanted, value, at });
  });
}

interface Place {
  readonly root: Schema;
  readonly schema: Schema;
  readonly wanted: unknown;
  readonly value: unknown;
  readonly at: string;
}

const KEYWORDS: Readonly<Record<string, (place: Place) => string[]>> = {
  $ref: ({ root, wanted, value, at }) => {
    const name = String(wanted).replace("#/$defs/", "");
    const target = (root["$defs"] as Record<string, Schema>)[name];
    if (target === undefined) throw new Error(`Cannot read the schema: there is no ${String(wanted)}`);
    return breaches(root, target, value, at);
  },
  oneOf: ({ root, wanted, value, at }) => {
    const found = (wanted as Schema[]).map((each) => breaches(root, each, value, at));
    const fitting = found.filter((each) => each.length === 0).length;
    if (fitting === 1) return [];
    // What is nearest explains best.
    return fitting === 0 ? found.sort((a, b) => a.length - b.length)[0]! : [`${at}: fits ${fitting} alternatives`];
  },
  type: ({ wanted, value, at }) => typeOf(value, wanted) ? [] : [`${at}: is not of type ${String(wanted)}`],
  const: ({ wanted, value, at }) => value === wanted ? [] : [`${at}: is not ${JSON.stringify(wanted)}`],
  enum: ({ wanted, value, at }) => (wanted as unknown[]).includes(value) ? [] : [`${at}: ${JSON.stringify(value)}`],
  pattern: ({ wanted, value, at }) =>
    new RegExp(String(wanted), "u").test(String(value)) ? [] : [`${at}: ${JSON.stringify(value)} does not fit`],
  minimum: ({ wanted, value, at }) => Number(value) >= Number(wanted) ? [] : [`${at}: is less than ${String(wanted)}`],
  items: ({ root, wanted, value, at }) =>
    (value as unknown[]).flatMap((each, index) => breaches(root, wanted as Schema, each, `${at}[${index}]`)),
  required: ({ wanted, value, at }) =>
    (wanted as string[]).filter((name) => !Object.hasOwn(value as object, name)).map((name) =>
      `${at}.${name}: missing`
    ),
  properties: ({ root, wanted, value, at }) =>
    Object.entries(value as object).flatMap(([name, each]) => {
      const schema = (wanted as Record<string, Schema>)[name];
      return schema === undefined
        ? [`${at}.${name}: not in the schema`]
        : breaches(root, schema, each, `${at}.${name}`);
    }),
  additionalProperties: ({ root, wanted, value, at }) =>
    Object.entries(value as object).flatMap(([name, each]) => breaches(root, wanted as Schema, each, `${at}.${name}`)),
};

function typeOf(value: unknown, wanted: unknown): boolean {
  if (wanted === "integer") return Number.isInteger(value);
  if (wanted === "array") return Array.isArray(value);
  if (wanted === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  const type: string = typeof value;
  return type === wanted;
}
