import { SyncError } from "../../lib/errors.ts";
import type { RuleText } from "../../lib/filter/invalid.ts";
import { parseBareRule, type ParsedRule, parseOldRule, parseRule } from "../../lib/filter/parse_rule.ts";
import type { RuleFileFormat } from "../../lib/filter/rule.ts";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";

const place = { source: "--filter" };

function textOf(text: string): RuleText {
  return { text, place, isSecret: false };
}

/** A rule without the place, which is always the same here. */
function parsed(text: string, format?: RuleFileFormat): object {
  const { place: _, ...rest } = parseRule(textOf(text), format) as ParsedRule & { place?: unknown };
  return rest;
}

describe("parseRule()", () => {
  const exclude = (pattern: string, rest = {}) => ({ type: "exclude", pattern, side: "unsaid", ...rest });
  const include = (pattern: string, rest = {}) => ({ type: "include", pattern, side: "unsaid", ...rest });

  const rules: Readonly<Record<string, object>> = {
    "- a": exclude("a"),
    "-_a": exclude("a"),
    "-, a": exclude("a"),
    "-  a": exclude(" a"),
    "- a ": exclude("a "),
    "exclude a": exclude("a"),
    "exclude_a": exclude("a"),
    "exclude,s a": exclude("a", { side: "sender" }),
    "+ a": include("a"),
    "include,! a b": include("a b", { negated: true }),
    "-s a": exclude("a", { side: "sender" }),
    "-r a": exclude("a", { side: "receiver" }),
    "-rs a": exclude("a", { side: "both" }),
    "-!/px a": exclude("a", { negated: true, absolute: true, perishable: true, xattr: true }),
    "H a": exclude("a", { side: "sender" }),
    "hide a": exclude("a", { side: "sender" }),
    "S a": include("a", { side: "sender" }),
    "show,p a": include("a", { side: "sender", perishable: true }),
    "P a": exclude("a", { side: "receiver" }),
    "protect a": exclude("a", { side: "receiver" }),
    "R a": include("a", { side: "receiver" }),
    "risk,/ a": include("a", { side: "receiver", absolute: true }),
    "!": { type: "clear" },
    "!,": { type: "clear" },
    "clear": { type: "clear" },
    "-C": { type: "cvs", side: "unsaid" },
    "-pC": { type: "cvs", side: "unsaid", perishable: true },
    ". f": { type: "merge", file: "f", inherited: true, format: { side: "unsaid" } },
    "merge,e f": { type: "merge", file: "f", inherited: true, exclusion: {}, format: { side: "unsaid" } },
    ": f": { type: "dir-merge", file: "f", inherited: true, format: { side: "unsaid" } },
    ":n- f": {
      type: "dir-merge",
      file: "f",
      inherited: false,
      format: { side: "unsaid", only: "exclude" },
    },
    "dir-merge,+w f": {
      type: "dir-merge",
      file: "f",
      inherited: true,
      format: { side: "unsaid", only: "include", words: true },
    },
    ":sp/ f": {
      type: "dir-merge",
      file: "f",
      inherited: true,
      format: { side: "sender", absolute: true, perishable: true },
    },
    ":C": {
      type: "dir-merge",
      file: ".cvsignore",
      inherited: false,
      format: { side: "unsaid", only: "exclude", words: true, cvs: true },
    },
  };
  for (const [text, rule] of Object.entries(rules)) {
    it(`reads ${JSON.stringify(text)}`, () => assertEquals(parsed(text), rule));
  }

  it("hands on what the rule says that names the file", () => {
    const format: RuleFileFormat = { side: "sender", perishable: true, absolute: true };
    assertEquals(parsed("- a", format), exclude("a", { side: "sender", absolute: true, perishable: true }));
    assertEquals(parsed(":- f", format), {
      type: "dir-merge",
      file: "f",
      inherited: true,
      format: { side: "sender", only: "exclude", absolute: true, perishable: true },
    });
  });

  const refused: Readonly<Record<string, string>> = {
    "a": "--filter, column 1: it starts with no known rule, it must start with one of + - . : P R H S !",
    " - a": "--filter, column 1: it starts with no known rule, it must start with one of + - . : P R H S !",
    "excludes a": "--filter, column 1: it starts with no known rule, it must start with one of + - . : P R H S !",
    "constructor a": "--filter, column 1: it starts with no known rule, it must start with one of + - . : P R H S !",
    "-a": "--filter, column 2: it has a modifier that does not fit, known are / ! C s r p x",
    "-s,r a": "--filter, column 3: it has a modifier that does not fit, known are / ! C s r p x",
    "-\ta": "--filter, column 2: it has a modifier that does not fit, known are / ! C s r p x",
    "+C": "--filter, column 2: it has a modifier that does not fit, known are / ! s r p x",
    "Hs a": "--filter, column 2: it has a modifier that does not fit, known are / ! p x",
    ":! f": "--filter, column 2: it has a modifier that does not fit, known are - + C e n w / s r p x",
    ":+- f": "--filter, column 3: it has a modifier that does not fit, known are - + C e n w / s r p x",
    ":C- f": "--filter, column 3: it has a modifier that does not fit, known are - + C e n w / s r p x",
    "-": "--filter, column 2: it has no pattern",
    "- ": "--filter, column 3: it has no pattern",
    "-! ": "--filter, column 4: it has no pattern",
    ": ": "--filter, column 3: it names no file",
    ":e": "--filter, column 3: it names no file",
    ": a/": "--filter, column 5: it names no file",
    ": ..": "--filter, column 5: it names no file",
    "! ": "--filter, column 2: a rule that clears takes nothing more",
    "clear,s": "--filter, column 7: a rule that clears takes nothing more",
    "-C a": "--filter, column 3: the modifier C takes no pattern",
  };
  for (const [text, why] of Object.entries(refused)) {
    it(`refuses ${JSON.stringify(text)} and says where`, () => {
      const error = assertThrows(() => parseRule(textOf(text)), SyncError);
      const shown = text.replace("\t", "\\t");
      assertEquals([error.code, error.message], ["filter-invalid", `Cannot use rule "${shown}" at ${why}`]);
    });
  }

  it("refuses a side in a file whose side was said", () => {
    const error = assertThrows(() => parseRule(textOf("H a"), { side: "sender" }), SyncError);
    assertEquals(error.message.endsWith("it says a side, and the rule that names its file has said one"), true);
  });

  it("refuses a pattern that no path is as long as, and quotes its start", () => {
    const error = assertThrows(() => parseRule(textOf(`- ${"a".repeat(4097)}`)), SyncError);
    assertEquals(error.message.length < 400, true);
  });

  it("quotes nothing of a merge file", () => {
    const secret: RuleText = { text: "root:x:0", place: { source: "m", line: 3, column: 7 }, isSecret: true };
    const error = assertThrows(() => parseRule(secret), SyncError);
    assertEquals(error.message.split(": ")[0], "Cannot use the rule at m:3");
    assertEquals(error.message.includes("root"), false);
  });
});

describe("parseOldRule()", () => {
  const old = (text: string) => {
    const rule = parseOldRule(textOf(text), "exclude");
    return rule?.type === "include" || rule?.type === "exclude" ? `${rule.type} ${rule.pattern}` : rule?.type;
  };

  it("reads bare patterns and those behind a sign", () => {
    assertEquals(["a", "- a", "+ a", "-_a", "+", "-a", "include a"].map(old), [
      "exclude a",
      "exclude a",
      "include a",
      "exclude -_a",
      "exclude +",
      "exclude -a",
      "exclude include a",
    ]);
  });

  it("leaves out comments and nothing, and clears", () => {
    assertEquals(["", "# a", ";a", "!", "!a"].map(old), [undefined, undefined, undefined, "clear", "exclude !a"]);
  });

  it("refuses a sign without a pattern", () => {
    assertThrows(() => old("- "), SyncError);
  });
});

describe("parseBareRule()", () => {
  it("takes a sign for a part of the pattern", () => {
    const rule = parseBareRule(textOf("- a"), { side: "receiver", perishable: true }, "include");
    assertEquals(rule, { type: "include", pattern: "- a", side: "receiver", perishable: true, place });
  });

  it("clears where CVS does", () => {
    assertEquals(parseBareRule(textOf("!"), { side: "unsaid" }, "exclude").type, "exclude");
    assertEquals(parseBareRule(textOf("!"), { side: "unsaid", cvs: true }, "exclude").type, "clear");
  });
});
