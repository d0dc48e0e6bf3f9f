/**
 * What the flags of an entry say: which of its fields follow, and which are as in the entry before.
 *
 * @module
 */

/** Flags of an entry. Bits 8 and 12 have two meanings each. */
export const FLAG = {
  topDirectory: 0x1,
  sameMode: 0x2,
  /** A second byte follows, where flags are bytes; otherwise it only makes zero something else. */
  extended: 0x4,
  sameUser: 0x8,
  sameGroup: 0x10,
  sameName: 0x20,
  longName: 0x40,
  sameTime: 0x80,
  /** For a device. */
  sameMajor: 0x100,
  /** For a directory. */
  noContent: 0x100,
  hardLinked: 0x200,
  userName: 0x400,
  groupName: 0x800,
  /** For an entry with hard links. */
  firstOfGroup: 0x1000,
  /** Alone, with `extended`: the list ends, and what went wrong follows. */
  errorAtEnd: 0x1000,
  nanoseconds: 0x2000,
  sameAccessTime: 0x4000,
  creationIsMtime: 0x20000,
} as const;

/** All bits that have a meaning. */
export const KNOWN_FLAGS: number = Object.values(FLAG).reduce((all, bit) => all | bit, 0);

/** The flags that end a list with an error, where flags are bytes. */
export const END_WITH_ERROR: number = FLAG.errorAtEnd | FLAG.extended;
