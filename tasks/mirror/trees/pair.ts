/**
 * What a mirror is made of.
 *
 * @module
 */
import type { Env } from "../../../lib/model/env.ts";
import type { ResolvedOptions } from "../options/options.ts";
import type { SharedRules } from "./shared_rules.ts";

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
  /** How files are shared with other trees that nobody changes. @default {as the options say alone} */
  readonly shared?: SharedRules | undefined;
}
