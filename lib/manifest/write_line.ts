/**
 * The lines of a checksum file, in GNU's form (`sha256sum`) or BSD's (`sha256sum --tag`). What those have no line for
 * stands in comments, which the tools of coreutils pass over:
 *
 *     #undrift manifest 1 sha256
 *     #undrift directory<TAB>NAME
 *     #undrift symlink<TAB>NAME<TAB>TARGET
 *     #undrift character-device<TAB>NAME<TAB>1,3
 *     #undrift file<TAB>NAME<TAB>SIZE<TAB>SECONDS<TAB>NANOSECONDS     directly before the line of that file
 *
 * The first line tells that all kinds of entries are listed, so that one too many can be told. In names of comments a
 * tab is `\t`, beside the escapes of `sha256sum`.
 *
 * @module
 */
import { ALGORITHMS, type HashAlgorithm } from "./algorithm.ts";
import type { ManifestEntry, Recorded } from "./entry.ts";
import { escapeField, escapeName } from "./escape.ts";

/** How a manifest is written. */
export interface ManifestForm {
  /** Which checksums are in it. */
  readonly algorithm: HashAlgorithm;
  /** Whether lines have BSD's form. */
  readonly tag: boolean;
  /** Whether what is no file stands in comments. */
  readonly comments: boolean;
  /** Whether sizes and times of files stand in comments. */
  readonly times: boolean;
}

/** What all comments of this toolkit begin with. */
export const COMMENT = "#undrift ";
/** Version of the comments. */
export const MANIFEST_VERSION = 1;

/**
 * The first line of a manifest.
 *
 * @param form How it is written.
 * @returns The line with its end; nothing for a manifest without comments.
 */
export function manifestHead({ algorithm, comments }: ManifestForm): string {
  return comments ? `${COMMENT}manifest ${MANIFEST_VERSION} ${algorithm}\n` : "";
}

/**
 * The lines of one entry. They are a name as this toolkit carries it; `encodeName` makes bytes of them.
 *
 * @param entry The entry; a file has its checksum.
 * @param form How it is written.
 * @returns Lines with their ends; nothing for what the form has no line for.
 */
export function manifestLines(entry: ManifestEntry, form: ManifestForm): string {
  const { path, kind, digest, recorded } = entry;
  if (kind !== "file") return form.comments ? `${comment(entry)}\n` : "";
  const noted = form.times && recorded !== undefined ? `${COMMENT}file\t${escapeField(path)}\t${look(recorded)}\n` : "";
  const name = escapeName(path);
  const mark = name === path ? "" : "\\";
  const line = form.tag ? `${ALGORITHMS[form.algorithm].tag} (${name}) = ${digest}` : `${digest}  ${name}`;
  return `${noted}${mark}${line}\n`;
}

function comment({ path, kind, target, device }: ManifestEntry): string {
  const fields = [`${COMMENT}${kind}`, escapeField(path)];
  if (target !== undefined) fields.push(escapeField(target));
  if (device !== undefined) fields.push(device.join());
  return fields.join("\t");
}

function look({ size, mtimeSeconds, mtimeNanoseconds }: Recorded): string {
  return `${size}\t${mtimeSeconds}\t${mtimeNanoseconds}`;
}
