/**
 * The module that threads of a signature run: each signs the segments that it is told to.
 *
 * @module
 */
import type { SignatureFormat } from "../../lib/delta/format.ts";
import { asSyncError } from "../../lib/errors.ts";
import { type Failure, toFailure } from "../../lib/model/event.ts";
import { InputFile } from "../../lib/os/data_file.ts";
import { parentThread } from "../../lib/os/threads.ts";
import { type Segment, type SegmentSums, signSegment } from "./segment.ts";

/** First message to a worker. */
export interface SignerInit {
  /** The file. */
  readonly path: string;
  /** Which sums. */
  readonly format: SignatureFormat;
}

/** Further messages to a worker: the segment to sign. */
export interface SignerOrder {
  /** The segment. */
  readonly segment: Segment;
}

/** Messages of a worker. */
export type SignerMessage =
  | { readonly type: "signed"; readonly index: number; readonly result: SegmentSums }
  | { readonly type: "failed"; readonly failure: Failure };

const parent = parentThread();
let work: { readonly file: InputFile; readonly format: SignatureFormat } | undefined;

parent.onMessage((message) => {
  try {
    parent.post(answer(message as SignerInit | SignerOrder));
  } catch (thrown) {
    parent.post({ type: "failed", failure: toFailure("", asSyncError(thrown)) } satisfies SignerMessage);
  }
});

function answer(message: SignerInit | SignerOrder): SignerMessage | undefined {
  if ("path" in message) {
    work = { file: new InputFile(message.path), format: message.format };
    return undefined;
  }
  if (work === undefined) throw new Error("a segment came before the file");
  const { segment } = message;
  return { type: "signed", index: segment.index, result: signSegment(work.file, work.format, segment) };
}
