import { encodeName } from "../../lib/bytes/name.ts";
import { SyncError } from "../../lib/errors.ts";
import { buildFilter, type FilterInput, type FilterStep, SHORTHAND_RULES } from "../../lib/filter/build_filter.ts";
import { formatPlace, formatRule } from "../../lib/filter/rule.ts";
import { isEmptyFilter, NO_FILTER } from "../../lib/filter/spec.ts";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";

/** Rules of a filter, in short form with their places. */
function rulesOf(input: FilterInput, files: Readonly<Record<string, string>> = {}): string[] {
  const readMergeFile = (file: string) => encodeName(files[file]!);
  return buildFilter({ readMergeFile, ...input }).rules.map((rule) =>
    `${formatRule(rule)} @ ${formatPlace(rule.place)}`
  );
}

function filters(...texts: string[]): FilterStep[] {
  return texts.map((text) => ({ type: "filter", text }));
}

function listed(type: "include-from" | "exclude-from", content: string): FilterStep {
  return { type, file: "list", content: encodeName(content) };
}

function messageOf(input: FilterInput, files: Readonly<Record<string, string>> = {}): string {
  const error = assertThrows(() => rulesOf(input, files), SyncError);
  assertEquals(error.code, "filter-invalid");
  return error.message;
}

describe("buildFilter()", () => {
  it("lets everything through when nothing is asked for", () => {
    const spec = buildFilter({});
    assertEquals([isEmptyFilter(spec), isEmptyFilter(NO_FILTER)], [true, true]);
    for (const input of [{ gitignore: true }, { limits: { maxSize: 1 } }, { paths: [] }, { steps: filters("- a") }]) {
      assertEquals(isEmptyFilter(buildFilter(input)), false);
    }
  });

  it("keeps the order of its steps", () => {
    const steps: FilterStep[] = [
      { type: "include", text: "a" },
      { type: "exclude", text: "+ b" },
      ...filters("H c", ""),
      listed("exclude-from", "d\n# e\n\n+ f\r\n;g\n- h"),
      listed("include-from", "i\r- j"),
      { type: "exclude", text: "# k" },
    ];
    assertEquals(rulesOf({ steps }), [
      "+ a @ --include",
      "+ b @ --exclude",
      "-s c @ --filter",
      "- d @ list:1",
      "+ f @ list:4",
      "- h @ list:6",
      "+ i @ list:1",
      "- j @ list:2",
    ]);
  });

  it("reads merge files in their place, and what they merge", () => {
    const files = { "m": "- a\n. n\n- d", "n": "# no rule\n+ b\n", "bare": "- x\n;y\ny" };
    assertEquals(rulesOf({ steps: filters(". m", ".-p bare", ".+s bare") }, files), [
      "- a @ m:1",
      "+ b @ n:2",
      "- d @ m:3",
      "-p - x @ bare:1",
      "-p y @ bare:3",
      "+s - x @ bare:1",
      "+s y @ bare:3",
    ]);
  });

  it("cuts files into words", () => {
    const files = { "w": "a  b\t#c\n\u00a0d\n", "v": "- a\n+ b -_c\nexclude,p d H e !\n- f" };
    assertEquals(rulesOf({ steps: filters(".w- w") }, files), [
      "- a @ w:1:1",
      "- b @ w:1:4",
      "- #c @ w:1:6",
      "- \u00a0d @ w:2:1",
    ]);
    assertEquals(rulesOf({ steps: filters(".w v") }, files), ["- f @ v:4:1"]);
  });

  it("cuts files at NUL when asked to", () => {
    const files = { "m": "- a\n\0#b\0\0- c", "w": "a\0b c" };
    assertEquals(
      rulesOf({ from0: true, steps: [...filters(". m", ".w- w"), listed("exclude-from", "d\0e\0")] }, files),
      [
        "- a\n @ m:1",
        "- c @ m:4",
        "- a @ w:1:1",
        "- b @ w:1:3",
        "- c @ w:1:5",
        "- d @ list:1",
        "- e @ list:2",
      ],
    );
  });

  it("clears what came before", () => {
    assertEquals(rulesOf({ steps: filters("- a", ": .r", "!", "- b", "clear", "- c") }), ["- c @ --filter"]);
    assertEquals(rulesOf({ steps: [...filters("- a"), { type: "exclude", text: "!" }] }), []);
    assertEquals(rulesOf({ steps: filters("- a", ". m", "- b") }, { "m": "- c\n!\n- d" }), [
      "- d @ m:3",
      "- b @ --filter",
    ]);
  });

  it("declares rule files of directories, and leaves them out when asked to", () => {
    assertEquals(rulesOf({ steps: filters(": .r", ":ne- /x/.s", ...SHORTHAND_RULES) }), [
      ": .r @ --filter",
      "- .s @ --filter",
      ":-n /x/.s @ --filter",
      ": /.rsync-filter @ --filter",
      "- .rsync-filter @ --filter",
    ]);
  });

  it("leaves out what CVS leaves out, after all else", () => {
    const cvsAdditions = { home: encodeName("x y\nz"), variable: "v w" };
    const rules = rulesOf({ cvsExclude: true, cvsAdditions, steps: filters("+ core") });
    assertEquals(rules.slice(0, 3), [
      "+ core @ --filter",
      ":C .cvsignore @ --cvs-exclude",
      "-p RCS @ --cvs-exclude:1:1",
    ]);
    assertEquals(rules.length, 2 + 36 + 5);
    assertEquals(rules.slice(-4), [
      "- y @ ~/.cvsignore:1:3",
      "- z @ ~/.cvsignore:2:1",
      "- v @ CVSIGNORE:1:1",
      "- w @ CVSIGNORE:1:3",
    ]);
  });

  it("clears the list of CVS where a person says so", () => {
    const rulesWith = (home: string, variable: string) =>
      rulesOf({ steps: filters("- a", "-C"), cvsAdditions: { home: encodeName(home), variable } });
    assertEquals(rulesWith("x ! y", "z"), ["- a @ --filter", "- y @ ~/.cvsignore:1:5", "- z @ CVSIGNORE:1:1"]);
    assertEquals(rulesWith("x y", "! z"), ["- a @ --filter", "- z @ CVSIGNORE:1:3"]);
  });

  it("puts the rules of CVS where a rule says", () => {
    const rules = rulesOf({ cvsAdditions: { variable: "v" }, steps: filters("-sC", ":C", "- a"), cvsExclude: true });
    assertEquals(rules[0], "-sp RCS @ --cvs-exclude:1:1");
    assertEquals(rules.slice(36, 39), ["-s v @ CVSIGNORE:1:1", ":C .cvsignore @ --filter", "- a @ --filter"]);
    assertEquals(rules.filter((rule) => rule.startsWith(":")).length, 1);
  });

  it("keeps the rules of CVS for files that are read later", () => {
    assertEquals(buildFilter({ steps: filters("- a") }).cvs, []);
    assertEquals(buildFilter({ steps: filters(": .r") }).cvs.length, 36);
  });

  it("says where a rule is wrong, and quotes it", () => {
    assertEquals(
      messageOf({ steps: filters("- a", "-z b") }),
      'Cannot use rule "-z b" at --filter, column 2: it has a modifier that does not fit, known are / ! C s r p x',
    );
    assertEquals(
      messageOf({ steps: [listed("exclude-from", "a\n\n+ ")] }),
      'Cannot use rule "+ " at list:3:3: it has no pattern',
    );
  });

  it("says where a rule of a merge file is wrong, and does not quote it", () => {
    assertEquals(
      messageOf({ steps: filters(". m") }, { "m": "- a\nroot:x:0:0\n" }),
      "Cannot use the rule at m:2: it starts with no known rule, it must start with one of + - . : P R H S !",
    );
    assertEquals(
      messageOf({ steps: filters(".s m") }, { "m": "H secret" }),
      "Cannot use the rule at m:1: it says a side, and the rule that names its file has said one",
    );
    assertEquals(
      messageOf({ steps: filters(". m") }, { "m": "- a\0b" }),
      "Cannot use the rule at m:1: it holds NUL, rules that end with NUL are read with --from0",
    );
  });

  it("refuses files that are too large, merge each other, or hold too many rules", () => {
    assertEquals(
      messageOf({ steps: [{ type: "exclude-from", file: "big", content: new Uint8Array(1_048_577) }] }),
      'Cannot use the rules of "big": it has 1048577 bytes, at most 1048576 are read',
    );
    assertEquals(
      messageOf({ steps: filters(". m") }, { "m": ". m" }),
      'Cannot use the rules of "m": it lies 16 merge files deep, they may name each other',
    );
    const many = "a\n".repeat(60_000);
    assertEquals(
      messageOf({ steps: [listed("exclude-from", many), listed("exclude-from", many)] }),
      'Cannot use rule "a" at list:40001:1: there are more than 100000 rules',
    );
  });

  it("refuses merge files when nobody reads them", () => {
    const error = assertThrows(() => buildFilter({ steps: filters(". m") }), SyncError);
    assertEquals(error.message, 'Cannot use the rules of "m": merge files cannot be read here');
  });
});
