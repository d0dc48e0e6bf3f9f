import { ByteSliceStream, concatReadableStreams, DelimiterStream, LimitedBytesTransformStream } from "@std/streams";
import { mergeReadableStreams, TextDelimiterStream, TextLineStream, toArrayBuffer, toJson, toText } from "@std/streams";
import { assertEquals, assertRejects, describe, it } from "../support/test_api.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

async function through<I, O>(chunks: I[], transform: TransformStream<I, O>): Promise<O[]> {
  return await Array.fromAsync(ReadableStream.from(chunks).pipeThrough(transform));
}

describe("@std/streams", () => {
  it("splits text into lines across chunks", async () => {
    assertEquals(await through(["a\nb", "c\r\n", "d"], new TextLineStream()), ["a", "bc", "d"]);
    assertEquals(await through(["a\rb"], new TextLineStream({ allowCR: true })), ["a", "b"]);
  });

  it("splits text and bytes at delimiters across chunks", async () => {
    assertEquals(await through(["a, b,", " c"], new TextDelimiterStream(", ")), ["a", "b", "c"]);
    const split = await through([bytes(1, 0, 2), bytes(3, 0)], new DelimiterStream(bytes(0)));
    assertEquals(split.map((part) => [...part]), [[1], [2, 3], []]);
  });

  it("slices and limits bytes", async () => {
    const sliced = await through([bytes(1, 2), bytes(3, 4)], new ByteSliceStream(1, 2));
    assertEquals(sliced.flatMap((part) => [...part]), [2, 3]);
    const limit = new LimitedBytesTransformStream(3, { error: true });
    await assertRejects(() => through([bytes(1, 2), bytes(3, 4)], limit), RangeError);
  });

  it("joins streams", async () => {
    const joined = concatReadableStreams(ReadableStream.from([1, 2]), ReadableStream.from([3]));
    assertEquals(await Array.fromAsync(joined), [1, 2, 3]);
    const merged = mergeReadableStreams(ReadableStream.from([1, 2]), ReadableStream.from([3]));
    assertEquals((await Array.fromAsync(merged)).sort(), [1, 2, 3]);
  });

  it("reads streams to their end", async () => {
    const stream = () => ReadableStream.from([bytes(91, 49), bytes(93)]);
    assertEquals(new Uint8Array(await toArrayBuffer(stream())), bytes(91, 49, 93));
    assertEquals(await toText(stream()), "[1]");
    assertEquals(await toJson(stream()), [1]);
  });
});
