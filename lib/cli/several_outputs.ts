/**
 * A task told in several ways at once.
 *
 * @module
 */
import type { Finding } from "../compare/finding.ts";
import type { Degradation } from "../model/capabilities.ts";
import type { Failure, Progress } from "../model/event.ts";
import type { Action } from "../plan/action.ts";
import type { Conclusion, Output } from "./output.ts";

/** See the module comment. */
export class SeveralOutputs implements Output {
  readonly listsActions: boolean;
  readonly showsProgress: boolean;
  readonly #outputs: readonly Output[];

  /** Passes everything on; what is first is told first. */
  constructor(outputs: readonly Output[]) {
    this.#outputs = outputs;
    this.listsActions = outputs.some((each) => each.listsActions);
    this.showsProgress = outputs.some((each) => each.showsProgress);
  }

  start(task: string, source?: string, destination?: string): void {
    for (const each of this.#outputs) each.start(task, source, destination);
  }

  action(action: Action): void {
    for (const each of this.#outputs) each.action(action);
  }

  finding(finding: Finding): void {
    for (const each of this.#outputs) each.finding(finding);
  }

  progress(progress: Progress): void {
    for (const each of this.#outputs) each.progress(progress);
  }

  warning(warning: Degradation, entry?: Failure): void {
    for (const each of this.#outputs) each.warning(warning, entry);
  }

  failure(failure: Failure): void {
    for (const each of this.#outputs) each.failure(failure);
  }

  note(text: string): void {
    for (const each of this.#outputs) each.note(text);
  }

  /** A report that could not be written changes the code that the ones after it tell. */
  end(conclusion: Conclusion, exitCode: number): number {
    return this.#outputs.reduce((code, each) => each.end(conclusion, code), exitCode);
  }
}
