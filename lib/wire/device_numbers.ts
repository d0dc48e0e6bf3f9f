/**
 * Which entries have numbers of a device: devices, and for historical reasons FIFOs and sockets, where they mean nothing.
 *
 * @module
 */
import { TYPE_MASK } from "../model/entry.ts";
import type { Dialect } from "./dialect.ts";

const TYPE_FIFO = 0o010000;
const TYPE_SOCKET = 0o140000;
const TYPE_BLOCK_DEVICE = 0o060000;
const TYPE_CHARACTER_DEVICE = 0o020000;

/**
 * Whether numbers of a device are sent for an entry.
 *
 * @param dialect The session.
 * @param mode Mode of the entry.
 * @returns `true` for devices, and up to protocol 30 for FIFOs and sockets, as far as they are carried.
 */
export function hasDeviceNumbers({ carried, version }: Dialect, mode: number): boolean {
  if (isDeviceMode(mode)) return carried.devices;
  return isSpecial(mode) && carried.specials && version < 31;
}

/** Tells whether an entry is a FIFO or a socket. */
export function isSpecial(mode: number): boolean {
  const type = mode & TYPE_MASK;
  return type === TYPE_FIFO || type === TYPE_SOCKET;
}

/** Tells whether an entry is a device. */
export function isDeviceMode(mode: number): boolean {
  const type = mode & TYPE_MASK;
  return type === TYPE_BLOCK_DEVICE || type === TYPE_CHARACTER_DEVICE;
}
