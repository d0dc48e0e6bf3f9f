/**
 * What a mirror is made of.
 *
 * @module
 */
import type { Env } from "../../../lib/model/env.ts";
import type { ResolvedOptions } from "../options/options.ts";

/** What a mirror is made of. */
export interface MirrorPair {
  /** Path of the source, as it was given. */
  readonly source: string;
  /** Path of the destination, as it was given. */
  readonly destination: string;
  /** Complete options. */
  readonly options: ResolvedOptions;
  /** The world. */
  readonly env: Env;
}
