/**
 * What a manifest says while it is made, and at its end.
 *
 * @module
 */
import type { HashAlgorithm } from "../../lib/manifest/algorithm.ts";
import type { ManifestEntry } from "../../lib/manifest/entry.ts";
import type { SyncEvent } from "../../lib/model/event.ts";
import type { Told } from "../checking/teller.ts";

/** What came of it. */
export interface ManifestReport extends Told {
  /** Always `"manifest"`. */
  readonly task: "manifest";
  /** The directory, as it was given. */
  readonly source: string;
  /** Whether all of it was read, all but some entries, or it was stopped. */
  readonly outcome: "done" | "partial" | "stopped";
  /** Which checksums were taken. */
  readonly algorithm: HashAlgorithm;
  /** Entries that the manifest names, or would with comments. */
  readonly entries: number;
  /** Files among them. */
  readonly files: number;
  /** Bytes of content that were read. */
  readonly bytes: number;
}

/** One thing that is said. */
export type ManifestEvent = SyncEvent<ManifestEntry, ManifestReport>;
