/**
 * A task told to people: a list on stdout, talk on stderr, one line each.
 *
 * @module
 */
import type { Finding } from "../compare/finding.ts";
import type { Degradation } from "../model/capabilities.ts";
import type { Failure, Progress } from "../model/event.ts";
import type { Action } from "../plan/action.ts";
import { causesText } from "../report/cause_text.ts";
import { checkText, findingText } from "../report/finding_text.ts";
import { itemize } from "../report/itemize.ts";
import { type Paint, painter } from "../report/paint.ts";
import { actionText, doneText, errorText, explainedText, failureText, planText, warningText } from "../report/text.ts";
import { EXIT } from "./exit_code.ts";
import { hasColor, type Io } from "./io.ts";
import type { Conclusion, Output, OutputSettings } from "./output.ts";
import { type Meter, NO_METER, progressMeter } from "./progress_meter.ts";

/** See the module comment. */
export class LineOutput implements Output {
  readonly listsActions: boolean;
  readonly showsProgress: boolean;
  readonly #io: Io;
  readonly #settings: OutputSettings;
  readonly #meter: Meter;
  #paintOut: Paint | undefined;
  #paintErr: Paint | undefined;

  /** Makes an output. */
  constructor(io: Io, settings: OutputSettings) {
    this.#io = io;
    this.#settings = settings;
    this.listsActions = settings.lists;
    this.showsProgress = settings.progress && !settings.quiet;
    this.#meter = this.showsProgress ? progressMeter(io) : NO_METER;
  }

  /** Colours of the list; whether there is a terminal is only asked when there is something to paint. */
  get #paintList(): Paint {
    this.#paintOut ??= painter(hasColor(this.#settings.color, this.#io.stdout, this.#io.env));
    return this.#paintOut;
  }

  get #paintTalk(): Paint {
    this.#paintErr ??= painter(hasColor(this.#settings.color, this.#io.stderr, this.#io.env));
    return this.#paintErr;
  }

  start(): void {}

  action(action: Action): void {
    if (!this.listsActions) return;
    const line = this.#lineOf(action);
    if (this.showsProgress && this.#io.stdout.isTerminal) this.#meter.clear();
    this.#io.stdout.write(`${line}\n`);
  }

  finding(finding: Finding): void {
    if (!this.listsActions) return;
    if (this.showsProgress && this.#io.stdout.isTerminal) this.#meter.clear();
    this.#io.stdout.write(`${findingText(finding, this.#paintList)}\n`);
  }

  #lineOf(action: Action): string {
    if (this.#settings.format === "itemize") return itemize(action);
    return this.#settings.explains ? explainedText(action, this.#paintList) : actionText(action, this.#paintList);
  }

  progress(progress: Progress): void {
    this.#meter.update(progress);
  }

  warning(warning: Degradation): void {
    if (!this.#settings.quiet) this.#say(warningText(warning, this.#paintTalk));
  }

  failure(failure: Failure): void {
    this.#say(failureText(failure, this.#paintTalk));
  }

  note(text: string): void {
    if (!this.#settings.quiet) this.#say(text);
  }

  end(conclusion: Conclusion, exitCode: number): number {
    // Whoever cut the output off knows it.
    if (exitCode === EXIT.readerGone) return exitCode;
    if (conclusion.kind === "planned") {
      this.note(planText(conclusion.summary, conclusion.failureCount, conclusion.causes));
      if (conclusion.refusal !== undefined) this.#say(errorText("undrift", conclusion.refusal, this.#paintTalk));
    } else if (conclusion.kind === "checked") {
      const { totals, failureCount, causes, durationMs } = conclusion;
      this.note(`${checkText(totals, durationMs)}${causesText(failureCount, causes)}`);
    } else {
      if (conclusion.finished !== undefined) this.note(doneText(conclusion.finished));
      const error = conclusion.kind === "failed" ? conclusion.error : conclusion.unmet;
      if (error !== undefined) this.#say(errorText("undrift", error, this.#paintTalk));
    }
    this.#meter.clear();
    return exitCode;
  }

  #say(line: string): void {
    this.#meter.clear();
    this.#io.stderr.write(`${line}\n`);
  }
}
