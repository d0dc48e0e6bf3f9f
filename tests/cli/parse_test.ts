import fc from "fast-check";
import { filterOptions } from "../../lib/cli/filter_options.ts";
import { parseCommandLine } from "../../lib/cli/parse.ts";
import { mirrorOptions } from "../../lib/cli/mirror_command.ts";
import type { MirrorOptions } from "../../tasks/mirror/options/options.ts";
import { SyncError } from "../../lib/errors.ts";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";

function parsed(line: string | readonly string[]) {
  const invocation = parseCommandLine(typeof line === "string" ? line.split(" ") : line);
  if (invocation.kind !== "command") throw new Error(`${line} is ${invocation.kind}`);
  return invocation;
}

function optionsOf(line: string): MirrorOptions {
  return mirrorOptions(parsed(`mirror a b ${line}`.trim()).values);
}

function refusal(line: string | readonly string[]): string {
  const error = assertThrows(() => parseCommandLine(typeof line === "string" ? line.split(" ") : line), SyncError);
  assertEquals(error.code, "usage");
  return error.message;
}

describe("parseCommandLine()", () => {
  it("takes options anywhere, and operands as they are", () => {
    for (const line of ["mirror -n a b", "mirror a -n b", "mirror a b --dry-run", "mirror -n -- a b"]) {
      const { operands, values } = parsed(line);
      assertEquals([operands, values.isOn("dry-run")], [["a", "b"], true], line);
    }
    assertEquals(parsed(["mirror", "--", "-n", "--"]).operands, ["-n", "--"]);
    assertEquals(parsed("mirror - 007").operands, ["-", "007"]);
    assertEquals(parsed("mirror --delete true false").operands, ["true", "false"]);
    assertEquals(parsed(["mirror", "a=b c", "__proto__"]).operands, ["a=b c", "__proto__"]);
  });

  it("takes values in every form", () => {
    for (const form of ["--jobs=4", "--jobs 4", "-j4", "-j 4", "-j=4", "-nj4", "-nj 4", "-j9 -j4"]) {
      assertEquals(optionsOf(form).jobs, 4, form);
    }
    assertEquals(optionsOf("--modify-window 1.5").modifyWindow, 1.5);
    assertEquals(optionsOf("--max-delete=0").maxDelete, 0);
    assertEquals(optionsOf("--layer portable").layer, "portable");
  });

  it("understands what people type for rsync", () => {
    const options = optionsOf("-aHAX");
    assertEquals([options.acls, options.xattrs, options.hardLinks, options.perms], [true, true, true, true]);
    assertEquals(optionsOf("--archive --no-perms").perms, false);
  });

  it("fills in the defaults of the task", () => {
    const { delete: deletes, perms, times, sparse, xattrs, jobs, maxDelete } = optionsOf("");
    assertEquals([deletes, perms, times, sparse, xattrs, jobs, maxDelete], [
      false,
      true,
      true,
      true,
      false,
      undefined,
      undefined,
    ]);
  });

  it("lets the last one win where it can be off and on", () => {
    assertEquals([optionsOf("--no-perms -p").perms, optionsOf("-p --no-perms").perms], [true, false]);
  });

  it("keeps the order of what is given several times, across options", () => {
    const { values } = parsed(["mirror", "a", "--jobs=2", "-n", "b", "--layer", "native", "-nj3", "--no-perms"]);
    assertEquals(values.repeated("layer", "dry-run", "jobs"), [
      { name: "jobs", value: "2" },
      { name: "dry-run", value: "" },
      { name: "layer", value: "native" },
      { name: "dry-run", value: "" },
      { name: "jobs", value: "3" },
    ]);
    assertEquals([values.number("jobs"), values.repeated("format")], [3, []]);
  });

  it("takes rules in every form, and keeps their order", () => {
    const line = ["-f", "- *.o", "--include=*.c", "--filter", "P_x", "-F", "--exclude", "-x y", "-f:C", "-FF", "-C"];
    const { values } = parsed(["mirror", "a", "b", ...line, "--exclude-from", "list", "--include-from=-", "-0r"]);
    const { filter, cvsExclude, from0, recursive, gitignore } = filterOptions(values);
    assertEquals(filter, [
      ...["- *.o", { include: "*.c" }, "P_x", ": /.rsync-filter", { exclude: "-x y" }, ":C", "- .rsync-filter"],
      ...[{ excludeFrom: "list" }, { includeFrom: "-" }],
    ]);
    assertEquals([cvsExclude, from0, recursive, gitignore], [true, true, true, false]);
  });

  it("takes sizes and times as text", () => {
    const { maxSize, minSize, newerThan, olderThan } = optionsOf(
      "--max-size 1.5m --min-size=1 --newer-than 7d --older-than 2026-01-31",
    );
    assertEquals([maxSize, minSize, newerThan, olderThan], ["1.5m", "1", "7d", "2026-01-31"]);
  });

  it("takes short forms of the format", () => {
    assertEquals(parsed("mirror a b --json").values.text("format"), "ndjson");
    assertEquals(parsed("mirror a b -i --format itemize").values.text("format"), "itemize");
    assertEquals(refusal("mirror a b --json -i"), "Cannot use --json with --format itemize");
    assertEquals(refusal("mirror a b --json --format text"), "Cannot use --json with --format text");
  });

  it("understands help and version with and without a command", () => {
    assertEquals(parseCommandLine(["--version"]).kind, "version");
    assertEquals(parseCommandLine(["-V"]).kind, "version");
    assertEquals(parseCommandLine(["--help"]), { kind: "help", command: undefined });
    for (const line of ["mirror --help", "mirror -h a b c", "help mirror", "--help mirror"]) {
      const invocation = parseCommandLine(line.split(" "));
      assertEquals(invocation.kind === "help" && invocation.command?.name, "mirror", line);
    }
  });

  const refused: readonly (readonly [line: string, message: string])[] = [
    ["mirror --delte a b", "Cannot use --delte: there is no such option; did you mean --delete?"],
    ["mirror --verb a b", "Cannot use --verb: there is no such option; did you mean --verbose?"],
    ["mirror --no-perm a b", "Cannot use --no-perm: there is no such option; did you mean --no-perms?"],
    [
      "mirror --no-delete a b",
      "Cannot use --no-delete: there is no such option; did you mean --delete?",
    ],
    ["mirror -z a b", 'Cannot use -z: there is no such option; see "undrift mirror --help"'],
    ["mirror -nz a b", 'Cannot use -z: there is no such option; see "undrift mirror --help"'],
    [
      "mirror --\x1b[2J a b",
      'Cannot use --\\x1b[2J: there is no such option; see "undrift mirror --help"',
    ],
    ["apply --delete p", 'Cannot use --delete: there is no such option; see "undrift apply --help"'],
    ["--delete", 'Cannot use --delete: there is no such option; see "undrift --help"'],
    ["miror a b", 'Cannot run "miror": there is no such command; did you mean mirror?'],
    ["frobnicate", 'Cannot run "frobnicate": there is no such command; see "undrift --help"'],
    ["help miror", 'Cannot run "miror": there is no such command; did you mean mirror?'],
    ["mirror", 'Cannot run mirror: SRC is missing; see "undrift mirror --help"'],
    ["mirror a", 'Cannot run mirror: DST is missing; see "undrift mirror --help"'],
    ["mirror a b c", 'Cannot run mirror: "c" is one operand too many'],
    ["mirror a b --jobs", "Cannot use --jobs: it needs a value (N)"],
    ["mirror --jobs --delete a b", "Cannot use --jobs: it needs a value (N)"],
    ["mirror a b --jobs=", "Cannot use --jobs: it needs a value (N)"],
    ["mirror a b -j0", "Cannot use -j 0: it must be a whole number from 1 to 256"],
    [
      "mirror a b --max-delete 1e3",
      "Cannot use --max-delete 1e3: it must be a whole number from 0 to 9007199254740991",
    ],
    ["mirror a b --max-delete=-1", "Cannot use --max-delete -1: it must be a whole number from 0 to 9007199254740991"],
    ["mirror a b --modify-window=-1", "Cannot use --modify-window -1: it must be a number from 0"],
    [
      "mirror a b --format itemise",
      "Cannot use --format itemise: it must be text, itemize, ndjson, html, github or junit; did you mean itemize?",
    ],
    ["mirror a b --exclude -n", "Cannot use --exclude: it needs a value (PATTERN)"],
    ["mirror a b --filter --delete", "Cannot use --filter: it needs a value (RULE)"],
    ["mirror a b --max-size 1x", "Cannot use --max-size 1x: it must be a size such as 1.5m"],
    [
      "mirror a b --newer-than yesterday",
      "Cannot use --newer-than yesterday: it must be a time such as 2026-01-31T12:00Z, or an age such as 7d",
    ],
    ["mirror a b --dry-run=no", "Cannot use --dry-run=no: it takes no value"],
    ["mirror a b -n=true", 'Cannot use -=: there is no such option; see "undrift mirror --help"'],
  ];
  for (const [line, message] of refused) {
    it(`refuses: ${line}`, () => assertEquals(refusal(line), message));
  }

  it("refuses nothing at all, and an empty operand", () => {
    assertEquals(refusal([]), 'Cannot tell what to do: a command is missing; see "undrift --help"');
    assertEquals(refusal(["mirror", "", "b"]), "Cannot run mirror: SRC is empty");
  });

  it("either understands or refuses in one line, whatever is typed", () => {
    const words = [
      "mirror",
      "apply",
      "-n",
      "--",
      "-",
      "--no-",
      "--=",
      "-j",
      "4",
      "--format",
      "--json=x",
      "a",
      "=",
      "\n",
    ];
    const word = fc.oneof(fc.constantFrom(...words), fc.string(), fc.string().map((text) => `--${text}`));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (args) => {
        try {
          parseCommandLine(args);
        } catch (thrown) {
          return thrown instanceof SyncError && thrown.code === "usage" && !thrown.message.includes("\n");
        }
        return true;
      }),
      { numRuns: 500 },
    );
  });
});
