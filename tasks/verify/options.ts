/**
 * Options of a verification.
 *
 * @module
 */
import type { HashAlgorithm } from "../../lib/manifest/algorithm.ts";
import type { Env } from "../../lib/model/env.ts";
import { type CatalogOptions, checkCatalogOptions } from "../catalog/known_digests.ts";
import { checkAlgorithm, checkJobs, type ReadingOptions } from "../checking/options.ts";
import { checkFilterOptions } from "../mirror/options/check_filter_options.ts";
import { clash } from "../mirror/options/clashes.ts";

/** What a tree is held against: the path of another, or of a manifest. */
export type Expected = string | ManifestFile;

/** A checksum file. */
export interface ManifestFile {
  /** Its path; `"-"` is standard input. */
  readonly manifest: string;
}

/** Options of {@linkcode verify}. */
export interface VerifyOptions extends ReadingOptions, CatalogOptions {
  /** Compare times, permissions, owners and groups, too. Not with a manifest, which does not keep them.
   * @default {false} */
  readonly metadata?: boolean;
  /** With `metadata`: extended attributes, too. @default {false} */
  readonly xattrs?: boolean;
  /** With `metadata`: access control lists, too. @default {false} */
  readonly acls?: boolean;
  /** Which checksums a manifest holds, where it does not say so itself: `b3sum` and `sha256sum` write the same lines.
   * @default {what the manifest says, or what has that length: md5, sha1, sha256, sha512} */
  readonly algorithm?: HashAlgorithm;
}

/** Complete options. */
export interface ResolvedVerify extends ReadingOptions, CatalogOptions {
  /** Whether metadata is compared. */
  readonly metadata: boolean;
  /** Whether extended attributes are. */
  readonly xattrs: boolean;
  /** Whether access control lists are. */
  readonly acls: boolean;
  /** Which checksums a manifest holds, if that was said. */
  readonly algorithm: HashAlgorithm | undefined;
  /** Number of threads. */
  readonly jobs: number;
}

/** What is verified. */
export interface VerifySubject {
  /** What is held to be right. */
  readonly expected: Expected;
  /** Path of the tree that is held against it. */
  readonly destination: string;
  /** Complete options. */
  readonly options: ResolvedVerify;
  /** The world. */
  readonly env: Env;
}

/**
 * Checks options and fills in defaults.
 *
 * @param expected What the tree is held against.
 * @param options What the caller wants.
 * @param cores Number of cores.
 * @returns Complete options.
 * @throws {RangeError} when one is out of its range, or two make no sense together.
 */
export function resolveVerify(expected: Expected, options: VerifyOptions, cores: number): ResolvedVerify {
  const { metadata = false, xattrs = false, acls = false, algorithm, jobs = cores, ...reading } = options;
  const isManifest = typeof expected !== "string";
  if (algorithm !== undefined) checkAlgorithm(algorithm);
  checkJobs(jobs);
  checkFilterOptions(reading, false);
  checkCatalogOptions(reading);
  if (reading.catalog !== undefined && !isManifest) {
    throw clash("catalog", "manifest", "two trees are compared byte by byte", "without");
  }
  if (metadata && isManifest) throw clash("metadata", "manifest", "a manifest keeps no owners and permissions");
  if (xattrs && !metadata) throw clash("xattrs", "metadata", "they are part of it", "without");
  if (acls && !metadata) throw clash("acls", "metadata", "they are part of it", "without");
  if (algorithm !== undefined && !isManifest) {
    throw clash("algorithm", "manifest", "two trees are compared byte by byte", "without");
  }
  if (reading.filesFrom !== undefined && isManifest) {
    throw clash("filesFrom", "manifest", "both of them list what is looked at");
  }
  return Object.freeze({ ...reading, metadata, xattrs, acls, algorithm, jobs });
}
