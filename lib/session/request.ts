/**
 * What a pull has asked for and not got yet.
 *
 * @module
 */
import type { WriteFile } from "../plan/action.ts";
import type { Item } from "../wire/item.ts";
import type { SumHead } from "../wire/sums.ts";

/** A directory whose files are asked for. */
export interface DirectoryWork {
  /** Files that have not come. */
  missing: number;
  /** Whether all of it has been planned. */
  isPlanned: boolean;
  /** Whether something in it was made, so that its own metadata has to be set. */
  isTouched: boolean;
  /** Sets its own metadata, when nothing is missing any more. */
  readonly settle: () => void;
}

/** A list whose end is told when all of it is done. */
export interface ListWork {
  /** Files that have not come. */
  missing: number;
  /** Whether all of it has been planned. */
  isPlanned: boolean;
}

/** A file that was asked for. */
export interface FileRequest {
  /** How it was asked for; the answer must be the same. */
  readonly item: Item;
  /** The head of the sums that were sent. */
  readonly head: SumHead;
  /** What is to be done with it. */
  readonly action: WriteFile;
  /** The directory it is in. */
  readonly directory: DirectoryWork;
  /** The list it is in. */
  readonly list: ListWork;
  /** Whether it is asked for the second time. */
  readonly isAgain: boolean;
}
