/**
 * Escapes have an inverse: what a reader of the format undoes is what was given, for any text.
 */
import fc from "fast-check";
import { printable } from "../../lib/bytes/printable.ts";
import { escapeData, escapeProperty, outputLines } from "../../lib/report/github.ts";
import { escapeHtml } from "../../lib/report/page_frame.ts";
import { xmlText } from "../../lib/report/junit.ts";
import { markdownText } from "../../lib/report/markdown.ts";
import { oneLine } from "../../lib/report/words.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";

/** Text of all kinds: lone surrogates, controls, and what means something in one of the formats. */
const SPECIAL = fc.constantFrom(..."<>&\"'`|*_[]#@%:,\\\n\r\t\0\x1b\x7f\u0085\u202e\u2028\ud800\udcff\ufffe");
const TEXT = fc.array(
  fc.oneof(SPECIAL, fc.constantFrom("%0A", "::", "]]>", "&amp;", "\\n"), fc.string({ unit: "binary" })),
  {
    maxLength: 12,
  },
).map((parts) => parts.join(""));

const XML_NAMES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Undoes references of HTML and XML. */
function dereference(text: string): string {
  return text.replaceAll(/&(?:#(\d+)|(\w+));/g, (_, code?: string, name?: string) => {
    return code === undefined ? XML_NAMES[name!]! : String.fromCodePoint(Number(code));
  });
}

function unescapeCommand(text: string): string {
  const undo: Readonly<Record<string, string>> = { "2C": ",", "3A": ":", "0A": "\n", "0D": "\r", "25": "%" };
  return text.replaceAll(/%(2C|3A|0A|0D|25)/g, (_, code: string) => undo[code]!);
}

describe("escapes", () => {
  it("of workflow commands are undone by the runner, and end nothing", () => {
    fc.assert(fc.property(TEXT, (text) => {
      assertEquals(unescapeCommand(escapeData(text)), text);
      assertEquals(unescapeCommand(escapeProperty(text)), text);
      assertEquals(/[\r\n]/.test(escapeData(text)) || /[\r\n:,]/.test(escapeProperty(text)), false);
    }));
  });

  it("of outputs leave each value itself", () => {
    fc.assert(fc.property(TEXT, TEXT, (a, b) => {
      const text = outputLines({ a, b }, "f".repeat(32));
      const delimiter = `undrift_${"f".repeat(32)}`;
      assertEquals(text, `a<<${delimiter}\n${a}\n${delimiter}\nb<<${delimiter}\n${b}\n${delimiter}\n`);
      assertEquals(text.split(`\n${delimiter}\n`).length, 3);
    }));
  });

  it("of HTML are undone by a browser, and hold no markup", () => {
    fc.assert(fc.property(TEXT, (text) => {
      assertEquals(dereference(escapeHtml(text)), text);
      assertEquals(/[<>"']/.test(escapeHtml(text)), false);
    }));
  });

  it("of XML hold what XML can hold, and are undone by a reader", () => {
    fc.assert(fc.property(TEXT, (text) => {
      const escaped = xmlText(text);
      assertEquals(/^[\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u.test(escaped), true);
      // deno-lint-ignore no-control-regex
      const isPlain = !/[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]|\p{Cs}/u.test(text);
      if (isPlain) assertEquals(dereference(escaped), text);
    }));
  });

  it("of Markdown are undone by a reader, and hold nothing that means something", () => {
    fc.assert(fc.property(TEXT.filter((text) => printable(text).length < 200), (text) => {
      const escaped = markdownText(text);
      assertEquals(/^(?:[\p{L}\p{M}\p{N} /…-]|&#\d+;)*$/u.test(escaped), true);
      assertEquals(dereference(escaped), printable(text).replaceAll("\\\\", "\\"));
    }));
  });

  it("of messages leave one line that is safe to show, and change nothing twice", () => {
    fc.assert(fc.property(TEXT, (text) => {
      const line = oneLine(text);
      // deno-lint-ignore no-control-regex
      assertEquals(/[\x00-\x1f\x7f-\x9f\u2028\u202e]|\p{Cs}/u.test(line), false);
      assertEquals(oneLine(line), line);
    }));
  });
});
