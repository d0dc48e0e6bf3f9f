/**
 * A program that runs one mirror: `mirror_program.ts '{"source": …, "destination": …, "options": {…}}'`. It prints what
 * came of it as one line of JSON. Tests start it as another user, with fewer permissions, or to kill it.
 */
import { mirror, type MirrorOptions, type MirrorReport, SyncError } from "../../mod.ts";

/** What the program is to do. */
export interface MirrorOrder {
  /** Where from. */
  readonly source: string;
  /** Where to. */
  readonly destination: string;
  /** How. @default {{}} */
  readonly options?: MirrorOptions;
}

/** What came of it. */
export type MirrorAnswer =
  | { readonly report: MirrorReport }
  | { readonly error: { readonly code: string; readonly message: string; readonly hint?: string | undefined } };

async function answerTo({ source, destination, options }: MirrorOrder): Promise<MirrorAnswer> {
  try {
    return { report: await mirror(source, destination, options).run() };
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
