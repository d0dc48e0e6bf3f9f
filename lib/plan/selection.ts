/**
 * Which entries of one directory take part. The planner asks once for each entry; whoever answers works on the bytes of
 * the listing, so an entry costs no allocation.
 *
 * @module
 */
import type { Listing } from "../model/listing.ts";

/** Decides for the entries of one directory. */
export interface Selection {
  /**
   * Whether it has to be asked about a file that is alike on both sides, where there is nothing to do either way: because
   * what is hidden might be deleted from the destination, or because somebody counts on being asked.
   *
   * @param deletes Whether entries that only the destination has are deleted.
   */
  asksOfEqual(deletes: boolean): boolean;
  /**
   * Whether an entry of the source takes no part: as if the source did not have it.
   *
   * @param source The listing of the source.
   * @param index The entry.
   */
  hides(source: Listing, index: number): boolean;
  /**
   * Whether an entry of the source is passed over: neither it nor its counterpart is touched.
   *
   * @param source The listing of the source.
   * @param index The entry.
   */
  spares(source: Listing, index: number): boolean;
  /**
   * Whether an entry that only the destination has is kept.
   *
   * @param destination The listing of the destination.
   * @param index The entry.
   */
  protects(destination: Listing, index: number): boolean;
}
