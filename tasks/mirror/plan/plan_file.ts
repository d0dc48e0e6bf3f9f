/**
 * A saved plan that stays in its file. It is read through once, and every value is checked; after that it is read again
 * through the same open file, piece by piece, and no piece is used before its hash proves that it is still the one that
 * was checked. So a plan of any length takes next to no memory, and nobody can change it underneath.
 *
 * @module
 */
import { printable } from "../../../lib/bytes/printable.ts";
import { SyncError } from "../../../lib/errors.ts";
import type { Env } from "../../../lib/model/env.ts";
import { type HeldFile, holdFile } from "../../../lib/os/held_file.ts";
import { sha256 } from "../../../lib/os/lines.ts";
import type { Action, Operation } from "../../../lib/plan/action.ts";
import { actionOfLine, readActionLines } from "../../../lib/plan/action_lines.ts";
import { appliedLine, PLAN_LINE_LIMIT, PlanDecoder, type PlanHeader } from "../../../lib/plan/codec.ts";
import type { PlannedActions } from "./planned_actions.ts";

/** Bytes that are read, and proven, at once. */
const PIECE = 1 << 18;

/** Bytes of a file, from one position to another. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** An open plan. */
export class PlanFile implements PlannedActions {
  /** What it says before its actions. */
  readonly header: PlanHeader;
  readonly appliedAt: string | undefined;
  readonly #path: string;
  readonly #file: HeldFile;
  readonly #span: Span;
  readonly #length: number;
  readonly #digests: readonly string[];

  private constructor(path: string, file: HeldFile, read: ReadPlan) {
    this.#path = path;
    this.#file = file;
    this.header = read.header;
    this.appliedAt = read.appliedAt;
    this.#span = read.span;
    this.#length = read.length;
    this.#digests = read.digests;
  }

  /**
   * Opens a plan and checks all of it.
   *
   * @param path Its path.
   * @param env The world.
   * @returns The plan; whoever opens it closes it.
   * @throws {SyncError} code `"plan-damaged"` when it is not a whole plan of a known version.
   */
  static async open(path: string, env: Env): Promise<PlanFile> {
    const file = holdFile(path);
    try {
      return new PlanFile(path, file, await readThrough(file, env));
    } catch (thrown) {
      file.close();
      throw thrown;
    }
  }

  each(wanted?: readonly Operation[]): Generator<Action, void, undefined> {
    return readActionLines(this.#provenPieces(), PLAN_LINE_LIMIT, actionOfLine, wanted);
  }

  markApplied(at: string): boolean {
    if (this.#file.size() !== this.#length) throw this.#changed();
    return this.#file.write(new TextEncoder().encode(appliedLine(at)), this.#length);
  }

  close(): void {
    this.#file.close();
  }

  /** The lines of the actions. */
  *#provenPieces(): Generator<Uint8Array> {
    const buffer = new Uint8Array(PIECE);
    for (const [index, digest] of this.#digests.entries()) {
      const at = index * PIECE;
      if (at >= this.#span.end) return;
      const piece = buffer.subarray(0, Math.min(PIECE, this.#length - at));
      if (this.#file.read(piece, at) !== piece.length || digestOf(piece) !== digest) throw this.#changed();
      yield piece.subarray(Math.max(0, this.#span.start - at), Math.min(PIECE, this.#span.end - at));
    }
  }

  #changed(): SyncError {
    const text = printable(this.#path);
    return new SyncError("plan-damaged", `Cannot use plan "${text}": it was changed or applied while it was in use`, {
      path: this.#path,
      hint: "make the plan again",
    });
  }
}

/** What is known of a plan once it was read through. */
interface ReadPlan {
  readonly header: PlanHeader;
  readonly appliedAt: string | undefined;
  readonly span: Span;
  readonly length: number;
  readonly digests: readonly string[];
}

async function readThrough(file: HeldFile, env: Env): Promise<ReadPlan> {
  const decoder = new PlanDecoder(sha256());
  const digests: string[] = [];
  const buffer = new Uint8Array(PIECE);
  let header: PlanHeader | undefined;
  let appliedAt: string | undefined;
  let length = 0;
  for (;;) {
    const piece = buffer.subarray(0, file.read(buffer, length));
    if (piece.length === 0) break;
    for (const part of decoder.push(piece)) {
      if (part.type === "header") header = part.header;
      else if (part.type === "applied") appliedAt = part.at;
    }
    digests.push(digestOf(piece));
    length += piece.length;
    if (piece.length < PIECE) break;
    await env.turn();
  }
  decoder.finish();
  return { header: header!, appliedAt, span: decoder.span, length, digests };
}

function digestOf(piece: Uint8Array): string {
  const hash = sha256();
  hash.update(piece);
  return hash.digestHex();
}
