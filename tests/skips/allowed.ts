/**
 * What a test may be skipped for, with the reason. Any other skip fails the run.
 *
 * A test says what it needs by `requires()`, and what is missing ends up in its reported name: "… [skipped: needs
 * root, rsync]". Every need named there must be in this table and really be absent on the machine: a test that is
 * skipped for `rsync` where `rsync` is installed fails the run, as does a skip without a reason.
 */
import { PROGRAMS } from "../support/programs.ts";

/** What a machine has, as far as skips depend on it. */
export interface SkipConditions {
  /** The runtime whose results are judged. */
  readonly runtime: "deno" | "bun";
  /** As in `process.platform`. */
  readonly platform: string;
  /** Whether the tests run as root. */
  readonly root: boolean;
  /** Programs of the list that are not installed. */
  readonly missing: readonly string[];
}

/** One thing that tests may be skipped for the lack of. */
export interface AllowedSkip {
  /** The need, as it is named in the skip. */
  readonly need: string;
  /** Why going without it is no loss. */
  readonly reason: string;
  /** Tells whether a machine lacks it. */
  readonly absent: (conditions: SkipConditions) => boolean;
}

/** All that is expected. */
export const ALLOWED_SKIPS: readonly AllowedSkip[] = [
  {
    need: "root",
    reason: "owners, devices and mounts take privileges; CI runs as root",
    absent: ({ root }) => !root,
  },
  {
    need: "Deno",
    reason: "drives Deno's own tools or permissions, and so counts once, in Deno's results",
    absent: ({ runtime }) => runtime !== "deno",
  },
  {
    need: "Bun",
    reason: "drives Bun's own tools, and so counts once, in Bun's results",
    absent: ({ runtime }) => runtime !== "bun",
  },
  {
    need: "Linux",
    reason: "the native layer is Linux alone so far",
    absent: ({ platform }) => platform !== "linux",
  },
  ...PROGRAMS.map((program) => ({
    need: program,
    reason: "compares with a program that is not installed; CI installs all of them",
    absent: ({ missing }: SkipConditions) => missing.includes(program),
  })),
];

const SKIP_REGEXP = /\[skipped: needs ([^\]]+)\]$/;

/** Tells whether a skip is expected on a machine. */
export function isSkipAllowed(
  name: string,
  conditions: SkipConditions,
  table: readonly AllowedSkip[] = ALLOWED_SKIPS,
): boolean {
  const needs = SKIP_REGEXP.exec(name)?.[1]?.split(", ") ?? [];
  const expected = (need: string) => table.some((entry) => entry.need === need && entry.absent(conditions));
  return needs.length > 0 && needs.every(expected);
}
