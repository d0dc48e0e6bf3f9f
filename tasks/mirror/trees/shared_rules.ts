/**
 * Sharing files with trees that must stay as they are, such as older snapshots.
 *
 * @module
 */

/** Rules of a run whose destination shares files with trees that must stay as they are. */
export interface SharedRules {
  /** Whether even the smallest file is to have its content in common with its basis. */
  readonly clones: boolean;
  /** Where it is noted which files are lent already. @default {no file is asked for twice} */
  readonly lent?: SharedArrayBuffer;
}
