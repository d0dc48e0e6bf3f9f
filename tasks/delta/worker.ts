/**
 * The module that threads of the delta engine run: each works on the segments that it is told to.
 *
 * @module
 */
import type { Foresight } from "../../lib/delta/foresight.ts";
import type { SignatureFormat } from "../../lib/delta/format.ts";
import { Matcher } from "../../lib/delta/matcher.ts";
import type { Signature } from "../../lib/delta/signature.ts";
import { asSyncError } from "../../lib/errors.ts";
import { type Failure, toFailure } from "../../lib/model/event.ts";
import { InputFile } from "../../lib/os/data_file.ts";
import { parentThread } from "../../lib/os/threads.ts";
import { scoutSegment, type Segment, SegmentSigner, type SegmentSums } from "./segment.ts";

/** What is done with the segments of a file, by name, and what comes of each. */
export interface SegmentWork {
  /** Signs them. */
  readonly sign: { readonly init: { readonly format: SignatureFormat }; readonly result: SegmentSums };
  /** Searches them for blocks. */
  readonly scout: { readonly init: { readonly signature: Signature }; readonly result: Foresight };
}

/** First message to a worker. */
export type WorkerInit<Work extends keyof SegmentWork = keyof SegmentWork> = {
  readonly [Each in Work]: { readonly work: Each; readonly path: string } & SegmentWork[Each]["init"];
}[Work];

/** Further messages to a worker: the segment to work on. */
export interface WorkerOrder {
  /** The segment. */
  readonly segment: Segment;
}

/** Messages of a worker. */
export type WorkerMessage =
  | { readonly type: "done"; readonly index: number; readonly result: SegmentWork[keyof SegmentWork]["result"] }
  | { readonly type: "failed"; readonly failure: Failure };

const parent = parentThread();
let work: ((segment: Segment) => SegmentSums | Foresight) | undefined;

parent.onMessage((message) => {
  try {
    hear(message as WorkerInit | WorkerOrder);
  } catch (thrown) {
    post({ type: "failed", failure: toFailure("", asSyncError(thrown)) });
  }
});

function post(message: WorkerMessage): void {
  parent.post(message);
}

function hear(message: WorkerInit | WorkerOrder): void {
  if ("path" in message) {
    work = prepare(message);
    return;
  }
  if (work === undefined) return; // the file could not be opened, which has been told
  const { segment } = message;
  post({ type: "done", index: segment.index, result: work(segment) });
}

function prepare(init: WorkerInit): (segment: Segment) => SegmentSums | Foresight {
  const file = new InputFile(init.path);
  if (init.work === "sign") {
    const signer = new SegmentSigner(file, init.format);
    return (segment) => signer.sign(segment);
  }
  const { signature } = init;
  const matcher = new Matcher(signature);
  return (segment) => scoutSegment(file, matcher, signature.blockLength, segment);
}
