/**
 * Whether this process is the standalone binary. In it all modules lie below one made-up folder.
 *
 * @module
 */

/**
 * Whether this process is the standalone binary.
 *
 * @param meta `import.meta.url` of any module.
 * @returns `false` when it runs from source.
 */
export function isStandalone(meta: string): boolean {
  return meta.includes("/$bunfs/") || meta.includes("/~BUN/");
}
