import fc from "fast-check";
import { Demultiplexer, frameHead, messageFrame } from "../../lib/wire/frames.ts";
import type { Message } from "../../lib/wire/message.ts";
import { assertEquals, assertStringIncludes, describe, it } from "../support/test_api.ts";
import { demultiplex, joined } from "./replay.ts";
import { breachOf, hex } from "./wire.ts";

const bytesArbitrary = fc.uint8Array({ maxLength: 40 }).map((bytes) => bytes.slice());
const pathArbitrary = fc.uint8Array({ minLength: 1, maxLength: 40 }).filter((path) => !path.includes(0)).map((path) =>
  path.slice()
);
const messageArbitrary: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ kind: fc.constantFrom("errorTransfer", "info", "error", "warning"), text: bytesArbitrary }),
  fc.record({ kind: fc.constant("deleted" as const), path: pathArbitrary, isDirectory: fc.boolean() }),
  fc.record({ kind: fc.constantFrom("timeout", "success", "noSend"), value: fc.integer() }),
  fc.record({ kind: fc.constant("ioError" as const), value: fc.nat({ max: 7 }) }),
  fc.record({ kind: fc.constant("exit" as const), value: fc.option(fc.integer(), { nil: undefined }) }),
  fc.constant({ kind: "noop" as const }),
);

/** Frames as text, for comparing. */
function shown(frames: readonly (Uint8Array | Message)[]): string {
  return frames.map((frame) =>
    frame instanceof Uint8Array
      ? frame.toHex()
      : JSON.stringify(frame, (_, value) => value instanceof Uint8Array ? value.toHex() : value)
  ).join(" ");
}

describe("frames", () => {
  it("are taken apart as they were put together, in pieces of any size", () => {
    const frames = fc.array(fc.oneof(bytesArbitrary, messageArbitrary), { maxLength: 12 });
    fc.assert(fc.property(frames, fc.integer({ min: 1, max: 60 }), (sent, piece) => {
      const bytes = joined(
        sent.flatMap((frame) =>
          frame instanceof Uint8Array ? [frameHead(0, frame.length), frame] : [messageFrame(frame)]
        ),
      );
      const { data, messages } = demultiplex(bytes, piece);
      assertEquals(shown([data]), shown([joined(sent.filter((frame) => frame instanceof Uint8Array))]));
      assertEquals(shown(messages), shown(sent.filter((frame) => !(frame instanceof Uint8Array))));
    }));
  });

  it("look as others send them", () => {
    assertEquals(frameHead(0, 163), hex("a3 00 00 07"));
    assertEquals(messageFrame({ kind: "exit", value: 11 }), hex("04 00 00 5d 0b 00 00 00"));
    assertEquals(messageFrame({ kind: "exit", value: undefined }), hex("00 00 00 5d"));
  });

  it("pass data on before the frame is complete", () => {
    const pieces: number[] = [];
    const frames = new Demultiplexer("it", { data: (bytes) => pieces.push(bytes.length), message: () => {} });
    frames.push(hex("0a 00 00 07 01 02"));
    frames.push(hex("03"));
    assertEquals(pieces, [2, 1]);
    assertStringIncludes(breachOf(() => frames.finish()).message, "at byte 7 expected 7 bytes more, got the end");
  });

  it("are refused when no peer sends them, before their payload arrives", () => {
    const refused = [
      "00 00 00 00", // below the first code
      "00 00 00 0c", // texts between processes of one side
      "04 00 00 10", // an entry to be sent again, said within one side
      "08 00 00 11", // statistics within one side
      "05 00 00 5d", // an exit code of five bytes
      "00 00 00 6d", // no number
      "00 14 00 09", // a text of 5120 bytes
      "00 00 00 ff",
    ];
    for (const bytes of refused) breachOf(() => demultiplex(hex(bytes), 1));
  });

  it("end between two frames alone", () => {
    breachOf(() => demultiplex(hex("00 00 00"), 9));
    demultiplex(hex("00 00 00 07"), 9);
  });

  it("tell only the errors that are known", () => {
    assertEquals(demultiplex(hex("04 00 00 1d ff ff ff ff"), 9).messages, [{ kind: "ioError", value: 7 }]);
  });
});
