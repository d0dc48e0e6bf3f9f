/** Manifests are written and read back; what is wrong with one is told by line. */
import fc from "fast-check";
import { encodeName } from "../../lib/bytes/name.ts";
import type { HashAlgorithm } from "../../lib/manifest/algorithm.ts";
import { LineSplitter } from "../../lib/manifest/line_splitter.ts";
import { manifestError, ManifestReader, type NumberedEntry, sortEntries } from "../../lib/manifest/manifest_reader.ts";
import { manifestHead, manifestLines } from "../../lib/manifest/write_line.ts";
import { assertEquals, assertMatch, describe, it } from "../support/test_api.ts";
import { manifest } from "./arbitrary.ts";

const SHA = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const MD5 = "900150983cd24fb0d6963f7d28e17f72";

interface Read {
  readonly reader: ManifestReader;
  readonly entries: NumberedEntry[];
}

function readAll(bytes: Uint8Array, piece = bytes.length, algorithm?: HashAlgorithm): Read {
  const reader = new ManifestReader(algorithm);
  const splitter = new LineSplitter();
  const entries: NumberedEntry[] = [];
  const take = (lines: Iterable<string | undefined>) => {
    for (const line of lines) {
      const entry = reader.push(line);
      if (entry !== undefined) entries.push(entry);
    }
  };
  for (let at = 0; at < bytes.length; at += piece) take(splitter.push(bytes.subarray(at, at + piece)));
  take(splitter.end());
  reader.end();
  return { reader, entries };
}

function readText(text: string, algorithm?: HashAlgorithm): Read {
  return readAll(encodeName(text), undefined, algorithm);
}

/** Problems of a text, as "line: problem". */
function problemsOf(text: string, algorithm?: HashAlgorithm): string[] {
  return readText(text, algorithm).reader.problems.map(({ line, problem }) => `${line}: ${problem}`);
}

/** Paths and checksums of a text that has no problem. */
function filesOf(text: string, algorithm?: HashAlgorithm): (readonly [string, string | undefined])[] {
  const { reader, entries } = readText(text, algorithm);
  assertEquals(reader.problems, []);
  return entries.map(({ entry }) => [entry.path, entry.digest]);
}

describe("a manifest", () => {
  it("reads as it was written, in any form and in any pieces", () => {
    fc.assert(fc.property(manifest, fc.integer({ min: 1, max: 50 }), ({ form, entries }, piece) => {
      const text = manifestHead(form) + entries.map((entry) => manifestLines(entry, form)).join("");
      const { reader, entries: read } = readAll(encodeName(text), piece, form.comments ? undefined : form.algorithm);
      assertEquals(reader.problems, []);
      assertEquals(read.map(({ entry }) => entry), [...entries]);
      assertEquals(reader.algorithm, form.algorithm);
      assertEquals(reader.listsAll, form.comments);
      assertEquals(reader.isOrdered, true);
    }));
  });

  it("leaves out what it has no line for", () => {
    const form = { algorithm: "sha256", tag: false, comments: false, times: false } as const;
    const { entries: [entry] } = readText("#undrift directory\td\n");
    assertEquals(manifestHead(form) + manifestLines(entry!.entry, form), "");
  });
});

describe("ManifestReader", () => {
  it("reads lines of other tools", () => {
    assertEquals(filesOf(`${SHA}  a\n${SHA.toUpperCase()} *b b\n`), [["a", SHA], ["b b", SHA]]);
    assertEquals(filesOf(`\\${SHA}  a\\\\b\\n\\r\n${SHA}  c\\n`), [["a\\b\n\r", SHA], ["c\\n", SHA]]);
    assertEquals(filesOf(`SHA256 (a) = ${SHA}\n\\SHA256 (b\\\\) = ${SHA}`), [["a", SHA], ["b\\", SHA]]);
    assertEquals(filesOf(`SHA2-256(a) = x)= ${SHA}\n`), [["a) = x", SHA]]);
    assertEquals(filesOf(`MD5 (a) = ${MD5}\n`), [["a", MD5]]);
    assertEquals(filesOf(`# made by hand\n\n${SHA}  ./././a/b\n`), [["a/b", SHA]]);
    assertEquals(filesOf(`${SHA}  #a\n`), [["#a", SHA]]);
    assertEquals(filesOf(`${SHA}   a \n`), [[" a ", SHA]]);
  });

  it("finds the algorithm", () => {
    assertEquals(readText(`${SHA}  a\n`).reader.algorithm, "sha256");
    assertEquals(readText(`${SHA}  a\n`, "blake3").reader.algorithm, "blake3");
    assertEquals(readText(`${MD5}  a\n`).reader.algorithm, "md5");
    assertEquals(readText(`#undrift manifest 1 xxh128\n${MD5}  a\n`).reader.algorithm, "xxh128");
    assertEquals(readText(`BLAKE3 (a) = ${SHA}\n`).reader.algorithm, "blake3");
  });

  it("refuses names that leave the directory, by line", () => {
    const leaves = "its name leaves the directory, or has a part that is empty";
    assertEquals(problemsOf(`${SHA}  a\n${SHA}  ../b\n`), [`2: ${leaves}`]);
    assertEquals(problemsOf(`${SHA}  a/../../b\n`), [`1: ${leaves}`]);
    assertEquals(problemsOf(`SHA256 (a/..) = ${SHA}\n`), [`1: ${leaves}`]);
    assertEquals(problemsOf(`${SHA}  a//b\n`), [`1: ${leaves}`]);
    assertEquals(problemsOf(`#undrift directory\t..\n`), [`1: ${leaves}`]);
    assertEquals(problemsOf(`${SHA}  /etc/passwd\n`), ["1: its name is absolute"]);
    assertEquals(problemsOf(`${SHA}  .//etc/passwd\n`), []);
    assertEquals(problemsOf(`${SHA}  a\0b\n`), ["1: it holds NUL"]);
    assertEquals(problemsOf(`\\${SHA}  a\\0\n`), ["1: its name has an escape that means nothing"]);
    assertEquals(problemsOf(`\\${SHA}  a\\\n`), ["1: its name has an escape that means nothing"]);
  });

  it("refuses checksums of wrong lengths and kinds, by line", () => {
    assertEquals(problemsOf(`${SHA}  a\n${SHA.slice(1)}  b\n`), [
      "2: a checksum of sha256 has 64 digits, this has 63",
    ]);
    assertEquals(problemsOf(`${MD5}  a\n`, "sha256"), ["1: a checksum of sha256 has 64 digits, this has 32"]);
    assertEquals(problemsOf(`MD5 (a) = ${SHA}\n`), ["1: a checksum of md5 has 32 digits, this has 64"]);
    assertEquals(problemsOf(`abcd  a\n`).slice(0, 1), ["1: no checksum that is known has 4 digits"]);
    assertEquals(problemsOf(`SHA256 (a) = ${SHA}\nMD5 (b) = ${MD5}\n`), [
      "2: its checksum is of md5, and not of sha256 as the others",
    ]);
    assertEquals(problemsOf(`SM3 (a) = ${SHA}\n`), ["1: checksums of the kind SM3 are not known"]);
    assertMatch(problemsOf(`hello\n`)[0]!, /^1: it must be a checksum, two spaces and a name/);
    assertMatch(problemsOf(`${SHA} a\n`)[0]!, /^1: it must be a checksum, two spaces and a name/);
  });

  it("refuses what is named twice, lines that end in CR LF, and lines without end", () => {
    assertEquals(problemsOf(`${SHA}  a\n${SHA}  ./a\n`), [`2: it names "a" once more`]);
    assertEquals(problemsOf(`${SHA}  a\r\n\r\n${SHA}  b\n`).map((each) => each.slice(0, 15)), [
      "1: it ends in C",
      "2: it ends in C",
    ]);
    assertEquals(problemsOf(`${SHA}  a\n${SHA}  ${"b".repeat(1 << 20)}\n${SHA}  c\n`), ["2: it is too long"]);
  });

  it("refuses comments of its own that mean nothing", () => {
    for (
      const comment of [
        "manifest",
        "manifest 1 sha256 more",
        "thing\ta",
        "directory\ta\tb",
        "symlink\ta",
        "symlink\ta\t",
        "fifo\ta\\x",
        "block-device\ta\t1",
        "file\ta\t1\t2",
      ]
    ) assertEquals(problemsOf(`#undrift ${comment}\n${SHA}  z\n`).length, 1, comment);
    assertEquals(problemsOf(`#undrift manifest 2 sha256\n${SHA}  a\n`).length, 1);
    assertEquals(problemsOf(`#undrift manifest 1 sm3\n${SHA}  a\n`).length, 1);
    assertEquals(problemsOf(`${SHA}  a\n#undrift manifest 1 sha256\n`), ["2: it may only be the first line"]);
    assertEquals(problemsOf(`#undrift manifest 1 md5\n${SHA}  a\n`, "sha256"), [
      "1: its checksums are of md5, not of sha256",
    ]);
    const noted = "#undrift file\ta\t1\t2\t3\n";
    assertEquals(problemsOf(`${noted}${SHA}  b\n`), ["2: the line before tells of a file that this is not"]);
    assertEquals(problemsOf(`${SHA}  0\n${noted}`), ["2: the file that it tells of does not follow"]);
  });

  it("refuses a manifest of nothing, unless it is one of an empty tree", () => {
    assertEquals(problemsOf(""), ["0: there is no checksum in it"]);
    assertEquals(problemsOf("# nothing\n"), ["1: there is no checksum in it"]);
    assertEquals(problemsOf("#undrift manifest 1 sha256\n"), []);
  });

  it("tells what is out of order", () => {
    assertEquals(readText(`${SHA}  a/b\n${SHA}  a.txt\n`).reader.isOrdered, true);
    assertEquals(readText(`${SHA}  a.txt\n${SHA}  a/b\n`).reader.isOrdered, false);
  });

  it("counts all problems and keeps a hundred", () => {
    const { reader } = readText("x\n".repeat(250));
    assertEquals([reader.problems.length, reader.problemCount], [100, 250]);
    const { code, message } = manifestError("SUMS", reader.problems, reader.problemCount);
    assertEquals(code, "manifest-damaged");
    assertMatch(message, /^Cannot use manifest "SUMS": line 1: .*; line 5: .*; and 245 more$/);
  });

  it("fails on no bytes at all", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const { reader, entries } = readAll(bytes);
      assertEquals(reader.problemCount > 0 || entries.length > 0, true);
    }));
  });
});

describe("sortEntries()", () => {
  it("puts entries into the order of a tree and finds what is named twice", () => {
    const { entries } = readText(`${SHA}  b\n${SHA}  a.txt\n${SHA}  a/b\n${SHA}  b/c\n${SHA}  b\n`);
    assertEquals(sortEntries(entries), [{ line: 5, problem: 'it names "b" once more' }]);
    assertEquals(entries.map(({ entry }) => entry.path), ["a/b", "a.txt", "b", "b", "b/c"]);
  });
});
