/**
 * What a manifest says of one entry of a tree.
 *
 * @module
 */
import type { Entry, Kind } from "../model/entry.ts";
import type { RelPath } from "../model/rel_path.ts";

/** One entry of a manifest, as plain data. */
export interface ManifestEntry {
  /** Where it is. */
  readonly path: RelPath;
  /** What it is. */
  readonly kind: Kind;
  /** Checksum of a file in hexadecimal, lower case. */
  readonly digest?: string;
  /** Where a symlink points. */
  readonly target?: string;
  /** Major and minor number of a device. */
  readonly device?: readonly [major: number, minor: number];
  /** Size and time of a file, when the manifest keeps them. */
  readonly recorded?: Recorded;
}

/** What a file looked like when its checksum was taken. */
export type Recorded = Pick<Entry, "size" | "mtimeSeconds" | "mtimeNanoseconds">;

/**
 * What a manifest says of an entry.
 *
 * @param path Where it is.
 * @param entry What it is.
 * @param digest Checksum of a file, in hexadecimal.
 * @returns Plain data, with what a file looks like.
 */
export function manifestEntry(path: RelPath, entry: Entry, digest?: string): ManifestEntry {
  const { kind, target, device, size, mtimeSeconds, mtimeNanoseconds } = entry;
  return {
    path,
    kind,
    ...(digest === undefined ? {} : { digest, recorded: { size, mtimeSeconds, mtimeNanoseconds } }),
    ...(target === undefined ? {} : { target }),
    ...(device === undefined ? {} : { device }),
  };
}
