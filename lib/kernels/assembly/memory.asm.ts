// The kernels' own part of the memory: the first 64 KiB, of which the compiler fills the beginning with tables.
// Everything from 64 KiB on belongs to the caller.

/** Hash values of one step of a search, and message words of a hash. */
export const WORDS: usize = 32768;
/** Padded last pieces of up to four messages, 128 bytes each. */
export const TAILS: usize = 33792;
/** Where digests go that nobody asked for. */
export const NOWHERE: usize = 34816;
