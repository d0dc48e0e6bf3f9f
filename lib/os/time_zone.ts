/**
 * The time zone of this system.
 *
 * @module
 */

/**
 * Asks for it.
 *
 * @returns Its name, such as `"Europe/Berlin"`.
 */
export function systemTimeZone(): string {
  return Temporal.Now.timeZoneId();
}
