/**
 * `@std/streams` as it can be had from the npm registry, with types.
 *
 * A subset of upstream with upstream's signatures, so that moving to `jsr:@std/streams` is a change of the import map.
 */
import * as byteSliceJs from "deno-std/streams/byte_slice_stream.js";
import * as concatJs from "deno-std/streams/concat_readable_streams.js";
import * as delimiterJs from "deno-std/streams/delimiter_stream.js";
import * as limitedBytesJs from "deno-std/streams/limited_bytes_transform_stream.js";
import * as mergeJs from "deno-std/streams/merge_readable_streams.js";
import * as textDelimiterJs from "deno-std/streams/text_delimiter_stream.js";
import * as textLineJs from "deno-std/streams/text_line_stream.js";
import * as toArrayBufferJs from "deno-std/streams/to_array_buffer.js";
import * as toJsonJs from "deno-std/streams/to_json.js";
import * as toTextJs from "deno-std/streams/to_text.js";

/** What is done with the delimiters that {@linkcode DelimiterStream} finds. */
export interface DelimiterStreamOptions {
  /** Whether a delimiter is dropped, or kept with the chunk before or after it. @default {"discard"} */
  disposition?: "suffix" | "prefix" | "discard";
}

/** How {@linkcode TextLineStream} splits. */
export interface TextLineStreamOptions {
  /** Whether a lone carriage return ends a line. @default {false} */
  allowCR?: boolean;
}

/** What happens at the limit of a {@linkcode LimitedBytesTransformStream}. */
export interface LimitedBytesTransformStreamOptions {
  /** Whether it is an error; otherwise the stream ends there. @default {false} */
  error?: boolean;
}

interface Streams {
  ByteSliceStream: new (start?: number, end?: number) => TransformStream<Uint8Array, Uint8Array>;
  DelimiterStream: new (
    delimiter: Uint8Array,
    options?: DelimiterStreamOptions,
  ) => TransformStream<Uint8Array, Uint8Array>;
  LimitedBytesTransformStream: new (
    size: number,
    options?: LimitedBytesTransformStreamOptions,
  ) => TransformStream<Uint8Array, Uint8Array>;
  TextDelimiterStream: new (
    delimiter: string,
    options?: DelimiterStreamOptions,
  ) => TransformStream<string, string>;
  TextLineStream: new (options?: TextLineStreamOptions) => TransformStream<string, string>;
  concatReadableStreams<T>(...streams: ReadableStream<T>[]): ReadableStream<T>;
  mergeReadableStreams<T>(...streams: ReadableStream<T>[]): ReadableStream<T>;
  toArrayBuffer(stream: ReadableStream<Uint8Array>): Promise<ArrayBuffer>;
  toJson(stream: ReadableStream): Promise<unknown>;
  toText(stream: ReadableStream): Promise<string>;
}

const js = {
  ...byteSliceJs,
  ...concatJs,
  ...delimiterJs,
  ...limitedBytesJs,
  ...mergeJs,
  ...textDelimiterJs,
  ...textLineJs,
  ...toArrayBufferJs,
  ...toJsonJs,
  ...toTextJs,
} as unknown as Streams;

/** Passes on the bytes from index `start` to index `end`, both included. */
export const ByteSliceStream: Streams["ByteSliceStream"] = js.ByteSliceStream;
/** Splits bytes at a delimiter. */
export const DelimiterStream: Streams["DelimiterStream"] = js.DelimiterStream;
/** Passes on chunks while all of them together are within a size. */
export const LimitedBytesTransformStream: Streams["LimitedBytesTransformStream"] = js.LimitedBytesTransformStream;
/** Splits text at a delimiter. */
export const TextDelimiterStream: Streams["TextDelimiterStream"] = js.TextDelimiterStream;
/** Splits text into lines, without their ends. */
export const TextLineStream: Streams["TextLineStream"] = js.TextLineStream;
/** Returns a stream of all chunks of the first stream, then of the next. */
export const concatReadableStreams: Streams["concatReadableStreams"] = js.concatReadableStreams;
/** Returns a stream of the chunks of all streams, as they come. */
export const mergeReadableStreams: Streams["mergeReadableStreams"] = js.mergeReadableStreams;
/** Reads a stream of bytes to its end. */
export const toArrayBuffer: Streams["toArrayBuffer"] = js.toArrayBuffer;
/** Reads a stream of text or bytes to its end, as JSON. */
export const toJson: Streams["toJson"] = js.toJson;
/** Reads a stream of text or bytes to its end, as text. */
export const toText: Streams["toText"] = js.toText;
