/**
 * A program that prunes one store: `prune_program.ts '{"store": …, "policy": {…}}'`. It says `start` when it begins and
 * what came of it at its end, in JSON. Tests start it as another user, or to kill it.
 */
import { prune, type PruneEvent, type PruneOptions, type PruneReport } from "../../mod.ts";

/** What the program is to do. */
export interface PruneOrder {
  /** The store. */
  readonly store: string;
  /** What is kept. */
  readonly policy: PruneOptions;
  /** Say `start` on a line of its own when the run starts. @default {false} */
  readonly announce?: boolean;
}

async function answerTo({ store, policy, announce = false }: PruneOrder): Promise<PruneReport> {
  const onEvent = ({ type }: PruneEvent) => {
    if (type === "start" && announce) console.log(type);
  };
  return await prune(store, policy).run({ onEvent });
}

if (import.meta.main) {
  const { argv } = await import("node:process");
  console.log(JSON.stringify(await answerTo(JSON.parse(argv[2] ?? "") as PruneOrder)));
}
