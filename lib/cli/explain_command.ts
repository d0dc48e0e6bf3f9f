/**
 * `undrift explain`.
 *
 * @module
 */
import type { Explanation } from "../../tasks/explain.ts";
import { jsonPath } from "../bytes/printable.ts";
import { asSyncError } from "../errors.ts";
import type { Decision } from "../filter/decision.ts";
import { formatPlace, formatRule } from "../filter/rule.ts";
import { explainText, type ToldDecision, type ToldPath } from "../report/explain_text.ts";
import { record, startRecord, summaryRecord } from "../report/ndjson.ts";
import { painter } from "../report/paint.ts";
import { EXIT, exitCodeOfError } from "./exit_code.ts";
import { filterOptions } from "./filter_options.ts";
import { hasColor } from "./io.ts";
import { type Call, makeTask } from "./mirror_command.ts";

/**
 * Runs `undrift explain SRC PATH...`.
 *
 * @param call The command line.
 * @returns The exit code.
 * @throws {SyncError} when the source cannot be opened or a rule cannot be used.
 */
export async function explainCommand({ operands, values, io, tasks }: Call): Promise<number> {
  const [source = "", ...paths] = operands;
  const layer = (values.text("layer") ?? "auto") as "auto" | "native" | "portable";
  const isJson = values.text("format") === "ndjson";
  if (isJson) io.stdout.write(startRecord({ task: "explain", source }));
  try {
    const explain = await tasks.explain();
    const { explanations } = await makeTask(() => explain(source, paths, { ...filterOptions(values), layer })).run();
    const color = (values.text("color") ?? "auto") as "auto" | "always" | "never";
    const paint = painter(hasColor(color, io.stdout, io.env));
    for (const told of explanations.map(toldOf)) {
      io.stdout.write(isJson ? explainRecord(told) : explainText(told, paint));
    }
    if (isJson) io.stdout.write(summaryRecord({ outcome: "done", exitCode: EXIT.done, failures: 0 }));
    return EXIT.done;
  } catch (thrown) {
    const error = asSyncError(thrown);
    const { code, message, hint } = error;
    const told = { code, message, ...(hint === undefined ? {} : { hint }) };
    const exitCode = exitCodeOfError(code);
    if (isJson) io.stdout.write(summaryRecord({ outcome: "refused", exitCode, failures: 0, error: told }));
    throw error;
  }
}

function toldOf({ path, kind, exists, sending, deletion }: Explanation): ToldPath {
  return { path, kind, exists, sending: toldDecision(sending), deletion: toldDecision(deletion) };
}

function toldDecision({ verdict, cause, rule, ancestor }: Decision): ToldDecision {
  return {
    verdict,
    cause,
    ...(rule === undefined ? {} : { rule: formatRule(rule), place: formatPlace(rule.place) }),
    ...(ancestor === undefined ? {} : { ancestor }),
  };
}

function explainRecord({ path, sending, deletion, ...rest }: ToldPath): string {
  return record("explain", { ...jsonPath(path), ...rest, sending, deletion });
}
