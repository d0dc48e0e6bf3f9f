/**
 * Numbers that are told at the end of a session.
 *
 * @module
 */
import type { WireInput } from "./input.ts";
import { readCount, readVarlong, writeVarint, writeVarlong } from "./integers.ts";
import { PEER_LIMITS } from "./limits.ts";
import type { WireOutput } from "./output.ts";

/** What a server that sends says of itself. */
export interface Statistics {
  /** Bytes that it read from the client. */
  readonly bytesRead: number;
  /** Bytes that it wrote to the client. */
  readonly bytesWritten: number;
  /** Sizes of all files in the lists. */
  readonly totalSize: number;
  /** How long it took to make the lists. */
  readonly listMilliseconds: number;
  /** How long it took to send them. */
  readonly transferMilliseconds: number;
}

/** How much the receiving side deleted. */
export interface Deletions {
  /** Regular files. */
  readonly files: number;
  /** Directories. */
  readonly directories: number;
  /** Symlinks. */
  readonly symlinks: number;
  /** Devices. */
  readonly devices: number;
  /** FIFOs and sockets. */
  readonly specials: number;
}

/**
 * Reads statistics.
 *
 * @param input Where they are.
 * @returns The numbers.
 * @throws {SyncError} code `"peer-protocol"` when one is negative.
 */
export function readStatistics(input: WireInput): Statistics {
  const next = () => {
    const value = readVarlong(input, 3);
    if (value < 0) throw input.breach("statistics from 0", `${value}`);
    return value;
  };
  return {
    bytesRead: next(),
    bytesWritten: next(),
    totalSize: next(),
    listMilliseconds: next(),
    transferMilliseconds: next(),
  };
}

/**
 * Writes statistics.
 *
 * @param output Where to.
 * @param statistics The numbers.
 */
export function writeStatistics(output: WireOutput, statistics: Statistics): void {
  writeVarlong(output, statistics.bytesRead, 3);
  writeVarlong(output, statistics.bytesWritten, 3);
  writeVarlong(output, statistics.totalSize, 3);
  writeVarlong(output, statistics.listMilliseconds, 3);
  writeVarlong(output, statistics.transferMilliseconds, 3);
}

/**
 * Reads how much was deleted.
 *
 * @param input Where it is.
 * @returns The numbers.
 * @throws {SyncError} code `"peer-protocol"` when one is beyond its limit.
 */
export function readDeletions(input: WireInput): Deletions {
  const next = () => readCount(input, PEER_LIMITS.deletions, "a number of deletions");
  return { files: next(), directories: next(), symlinks: next(), devices: next(), specials: next() };
}

/**
 * Writes how much was deleted.
 *
 * @param output Where to.
 * @param deletions The numbers.
 */
export function writeDeletions(output: WireOutput, deletions: Deletions): void {
  writeVarint(output, deletions.files);
  writeVarint(output, deletions.directories);
  writeVarint(output, deletions.symlinks);
  writeVarint(output, deletions.devices);
  writeVarint(output, deletions.specials);
}
