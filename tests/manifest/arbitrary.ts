/** Random entries of manifests, with names that nobody would choose. */
import fc from "fast-check";
import { decodeName } from "../../lib/bytes/name.ts";
import { ALGORITHM_NAMES, ALGORITHMS, type HashAlgorithm } from "../../lib/manifest/algorithm.ts";
import type { ManifestEntry } from "../../lib/manifest/entry.ts";
import type { ManifestForm } from "../../lib/manifest/write_line.ts";
import { comparePaths, parseRelPath } from "../../lib/model/rel_path.ts";

const SLASH = 0x2f;
const ODD_BYTES = [...new TextEncoder().encode("\\\n\r\t *#()= abÿ"), 0xff, 0x80, 0x01];

/** Names: any bytes but NUL and a slash, mostly those that lines give a meaning. */
const name = fc.array(
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...ODD_BYTES) }, {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 255 }).filter((byte) => byte !== SLASH),
  }),
  { minLength: 1, maxLength: 8 },
).map((bytes) => decodeName(new Uint8Array(bytes))).filter((text) => text !== "." && text !== "..");

const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => parseRelPath(names.join("/")));

function digestOf(algorithm: HashAlgorithm): fc.Arbitrary<string> {
  const { bytes } = ALGORITHMS[algorithm];
  return fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((digest) => digest.toHex());
}

const recorded = fc.record({
  size: fc.nat(),
  mtimeSeconds: fc.integer(),
  mtimeNanoseconds: fc.integer({ min: 0, max: 999_999_999 }),
});

function entryOf(form: ManifestForm): fc.Arbitrary<ManifestEntry> {
  const digest = digestOf(form.algorithm);
  const file = fc.record({ path, kind: fc.constant("file" as const), digest, recorded }).map(
    ({ recorded, ...entry }) => form.times ? { ...entry, recorded } : entry,
  );
  if (!form.comments) return file;
  return fc.oneof(
    file,
    fc.record({ path, kind: fc.constantFrom("directory" as const, "fifo" as const, "socket" as const) }),
    fc.record({ path, kind: fc.constant("symlink" as const), target: name }),
    fc.record({
      path,
      kind: fc.constantFrom("block-device" as const, "character-device" as const),
      device: fc.tuple(fc.nat(), fc.nat()),
    }),
  );
}

/** Forms of manifests. Sizes and times stand in comments. */
export const manifestForm: fc.Arbitrary<ManifestForm> = fc.record({
  algorithm: fc.constantFrom(...ALGORITHM_NAMES),
  tag: fc.boolean(),
  comments: fc.boolean(),
  times: fc.boolean(),
}).map((form) => ({ ...form, times: form.times && form.comments }));

/** A form, and entries of it in the order of a tree. */
export const manifest: fc.Arbitrary<{ readonly form: ManifestForm; readonly entries: readonly ManifestEntry[] }> =
  manifestForm.chain((form) =>
    fc.uniqueArray(entryOf(form), { selector: (entry) => entry.path, minLength: 1, maxLength: 12 }).map((entries) => ({
      form,
      entries: entries.sort((a, b) => comparePaths(a.path, b.path)),
    }))
  );
