/** What cases are given, and what they are. */
import type { CaseResult } from "./results.ts";
import type { Forms } from "./runners.ts";

/** What every case needs. */
export interface Bench {
  /** Folder for the trees. */
  readonly stage: string;
  /** How Undrift is started. */
  readonly forms: Forms;
  /** Divides the sizes. */
  readonly shrink: number;
  /** Counted rounds. */
  readonly rounds: number;
  /** Says what goes on. */
  readonly say: (text: string) => void;
}

/** A case: measures and returns what came out. */
export type Case = (bench: Bench) => Promise<CaseResult> | CaseResult;
