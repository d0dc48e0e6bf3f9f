/**
 * Extended attributes through the C library: of an open descriptor, or of an entry that cannot be opened (a symlink, a
 * device) by way of `/proc/self/fd/N/name`, which starts at the open directory itself, so nothing on the way can be
 * swapped. Values travel as base64 so that metadata stays plain data.
 *
 * @module
 */
import { compareNames, decodeName } from "../bytes/name.ts";
import type { Xattrs } from "../model/entry.ts";
import type { XattrScope } from "../model/tree.ts";
import type { Address } from "./ffi.ts";
import type { NativeCalls } from "./native_calls.ts";
import { ERRNO, systemError } from "./system_error.ts";

/** An open descriptor, or a path through `/proc/self/fd`. */
export type XattrPlace = number | string;

/** POSIX access control lists as the kernel stores them. */
const ACCESS_LISTS: readonly string[] = ["system.posix_acl_access", "system.posix_acl_default"];

/**
 * Reads the attributes of one entry.
 *
 * @param calls Buffers of this thread.
 * @param place What has the attributes.
 * @param name Name for messages.
 * @param scope Which attributes.
 * @returns Full names and base64 values, in byte order of the names.
 */
export function xattrsAt(calls: NativeCalls, place: XattrPlace, name: string, scope: XattrScope): Xattrs {
  const found: Record<string, string> = {};
  for (const attribute of listAt(calls, place, name).filter((each) => inScope(calls, each, scope)).sort(compareNames)) {
    const value = valueAt(calls, place, name, attribute);
    if (value !== undefined) found[attribute] = value.toBase64();
  }
  return found;
}

/**
 * Makes the attributes within a scope exactly the given ones.
 *
 * @param calls Buffers of this thread.
 * @param place What has the attributes.
 * @param name Name for messages.
 * @param scope Which attributes.
 * @param wanted Full names and base64 values.
 */
export function setXattrsAt(
  calls: NativeCalls,
  place: XattrPlace,
  name: string,
  scope: XattrScope,
  wanted: Xattrs,
): void {
  const present = xattrsAt(calls, place, name, scope);
  for (const attribute of Object.keys(present)) {
    if (!Object.hasOwn(wanted, attribute)) removeAt(calls, place, name, attribute);
  }
  for (const [attribute, value] of Object.entries(wanted)) {
    if (present[attribute] !== value && inScope(calls, attribute, scope)) {
      setAt(calls, place, name, attribute, Uint8Array.fromBase64(value));
    }
  }
}

function inScope(calls: NativeCalls, attribute: string, scope: XattrScope): boolean {
  if (ACCESS_LISTS.includes(attribute)) return scope.lists;
  if (!scope.attributes || attribute.startsWith("system.")) return false;
  return attribute.startsWith("user.") || calls.c.calls.geteuid() === 0;
}

function listAt(calls: NativeCalls, place: XattrPlace, name: string): string[] {
  const { address, bytes } = calls.content[0];
  const c = calls.c.calls;
  const size = typeof place === "number"
    ? c.flistxattr(place, address, bytes.length)
    : c.llistxattr(calls.text(place), address, bytes.length);
  if (size < 0) {
    const errno = calls.c.errno();
    if (errno === ERRNO.EOPNOTSUPP) return [];
    throw systemError("list the attributes of", name, errno);
  }
  // The names of attributes are bytes, too.
  return decodeName(bytes, 0, size).split("\0").filter((each) => each !== "");
}

function valueAt(calls: NativeCalls, place: XattrPlace, name: string, attribute: string): Uint8Array | undefined {
  const { address, bytes } = calls.content[0];
  const key: Address = calls.text(attribute, true);
  const c = calls.c.calls;
  const size = typeof place === "number"
    ? c.fgetxattr(place, key, address, bytes.length)
    : c.lgetxattr(calls.text(place), key, address, bytes.length);
  if (size >= 0) return bytes.slice(0, size);
  const errno = calls.c.errno();
  if (errno === ERRNO.ENODATA) return undefined;
  throw systemError(`read attribute ${attribute} of`, name, errno);
}

function setAt(calls: NativeCalls, place: XattrPlace, name: string, attribute: string, value: Uint8Array): void {
  const { address, bytes } = calls.content[0];
  bytes.set(value);
  const key = calls.text(attribute, true);
  const c = calls.c.calls;
  const result = typeof place === "number"
    ? c.fsetxattr(place, key, address, value.length, 0)
    : c.lsetxattr(calls.text(place), key, address, value.length, 0);
  if (result < 0) calls.fail(`set attribute ${attribute} of`, name);
}

function removeAt(calls: NativeCalls, place: XattrPlace, name: string, attribute: string): void {
  const key = calls.text(attribute, true);
  const c = calls.c.calls;
  const result = typeof place === "number" ? c.fremovexattr(place, key) : c.lremovexattr(calls.text(place), key);
  if (result < 0 && calls.c.errno() !== ERRNO.ENODATA) calls.fail(`remove attribute ${attribute} of`, name);
}
