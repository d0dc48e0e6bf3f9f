// The kernels' own part of the memory: the first 64 KiB, of which the compiler fills the beginning with tables.
// Everything from 64 KiB on belongs to the caller.

/** Message words of a hash. */
export const WORDS: usize = 32768;
/** Padded last pieces of up to four messages, 128 bytes each. */
export const TAILS: usize = 33792;
/** Where digests go that nobody asked for. */
export const NOWHERE: usize = 34816;
/** Keys of a batch of windows in a search, and where in the filter they belong; of up to 512. */
export const KEYS: usize = 40960;
export const PLACES: usize = 43008;
/** Chain values of four messages between two of their blocks: four vectors. */
export const STATE: usize = 45056;
