/**
 * Ceilings for everything that another machine may send. One table, so that it can be audited; each read checks against
 * it where the value arrives. Where the protocol has a limit of its own, it is that one; the others are far above what
 * an honest peer needs, and low enough that nobody runs out of memory.
 *
 * @module
 */

/** What is accepted from a peer. Lengths are bytes. */
export const PEER_LIMITS = {
  /** Versions that a peer may announce. */
  leastVersion: 20,
  mostVersion: 40,
  /** A list of algorithm names in the handshake. */
  choiceText: 255,
  /** One text or name in a message; longer ones are refused by all peers. */
  messageText: 5119,
  /** Longest pause that a daemon may ask for, in seconds. */
  timeoutSeconds: 86_400,
  /** One filter rule. */
  filterRule: 5120,
  /** Filter rules of one session. */
  filterRules: 1_000_000,
  /** Name of an entry from the root of the transfer. */
  path: 4095,
  /** Target of a symlink. */
  linkTarget: 4095,
  /** Name of a user or group. */
  idName: 255,
  /** Named users or groups behind a file list. */
  idNames: 1_000_000,
  /** Nanoseconds of a second. */
  nanoseconds: 999_999_999,
  /** Largest size, and largest distance of a time from 1970 in seconds: numbers are exact up to here. */
  exact: Number.MAX_SAFE_INTEGER,
  /** Largest index of an entry. */
  entryIndex: 2 ** 31 - 1,
  /** Entries of all file lists that are held at once. */
  entriesHeld: 16_000_000,
  /** Attributes of one entry. */
  xattrs: 65_536,
  /** Name of an attribute, with its NUL. */
  xattrName: 4096,
  /** Names and short values of the attributes of one entry. */
  xattrSet: 2 ** 20,
  /** Value of one attribute, and all values that are sent for one entry. */
  xattrValue: 2 ** 27,
  /** Different sets of attributes, and different access control lists, of one session. */
  storedSets: 1_000_000,
  /** Named users and groups of one access control list. */
  aclEntries: 65_536,
  /** Blocks of one file; their sums are held in memory. */
  blocks: 2 ** 25,
  /** Length of a block. */
  blockLength: 131_072,
  /** Literal bytes that one token announces. */
  literal: 2 ** 27,
  /** Compressed bytes that one token announces. */
  packed: 16_383,
  /** Name that an item gives: the existing one of a hard link, or of a similar file. */
  itemName: 4095,
  /** One kind of entries in the statistics of deletions. */
  deletions: 2 ** 28,
  /** One line of the text that comes before a daemon's session. */
  daemonLine: 1023,
  /** Lines of that text: message of the day, list of modules. */
  daemonLines: 100_000,
  /** Bytes that a client may send before it names a module. */
  earlyInput: 5120,
  /** One argument of a server, and all of them. */
  argument: 131_072,
  arguments: 65_536,
} as const;
