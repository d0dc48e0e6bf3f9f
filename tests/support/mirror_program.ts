/**
 * A program that runs one mirror: `mirror_program.ts '{"source": …, "destination": …, "options": {…}}'`. It prints what
 * came of it as its last line, in JSON. Tests start it as another user, with fewer permissions, or to kill it.
 */
import { type Failure, mirror, type MirrorEvent, type MirrorOptions, type MirrorReport, SyncError } from "../../mod.ts";

/** What the program is to do. */
export interface MirrorOrder {
  /** Where from. */
  readonly source: string;
  /** Where to. */
  readonly destination: string;
  /** How. @default {{}} */
  readonly options?: MirrorOptions;
  /** Say `start` on a line of its own when the run starts. @default {false} */
  readonly announce?: boolean;
  /** Only save a plan, in this file. @default {undefined} */
  readonly saveTo?: string;
}

/** What came of it. */
export type MirrorAnswer =
  | { readonly report: MirrorReport }
  | { readonly failures: readonly Failure[] }
  | { readonly error: { readonly code: string; readonly message: string; readonly hint?: string | undefined } };

async function answerTo(
  { source, destination, options, announce = false, saveTo }: MirrorOrder,
): Promise<MirrorAnswer> {
  const onEvent = ({ type }: MirrorEvent) => {
    if (type === "start") console.log(type);
  };
  try {
    if (saveTo !== undefined) {
      const plan = await mirror(source, destination, options).plan();
      await plan.save(saveTo);
      return { failures: plan.failures };
    }
    return { report: await mirror(source, destination, options).run(announce ? { onEvent, actions: false } : {}) };
  } catch (thrown) {
    if (!(thrown instanceof SyncError)) throw thrown;
    const { code, message, hint } = thrown;
    return { error: { code, message, hint } };
  }
}

if (import.meta.main) {
  const { argv } = await import("node:process");
  console.log(JSON.stringify(await answerTo(JSON.parse(argv[2] ?? "") as MirrorOrder)));
}
