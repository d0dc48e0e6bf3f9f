/** Trees held against manifests: ours and those of other tools, whole and damaged. */
import { readFileSync, writeFileSync } from "node:fs";
import { SyncError } from "../../lib/errors.ts";
import type { HashAlgorithm } from "../../lib/manifest/algorithm.ts";
import { manifest } from "../../tasks/manifest.ts";
import { verify } from "../../tasks/verify.ts";
import type { VerifyOptions } from "../../tasks/verify/options.ts";
import { mustRun } from "../support/commands.ts";
import { assertEquals, assertMatch, assertRejects, describe, it, requires } from "../support/test_api.ts";
import { makeTree, type TreeLiteral } from "../support/trees.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const TREE: TreeLiteral = {
  a: { file: "abc", mtime: "1000000000" },
  "a.txt": { file: "abc", mtime: "1000000000" },
  d: { dir: { b: { file: "abc", mtime: "1000000000" }, gone: { file: "g" } } },
  link: { link: "a" },
  pipe: { fifo: true },
};
const ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

async function found(at: Workspace, file = "SUMS", options: VerifyOptions = {}): Promise<string[]> {
  const report = await verify({ manifest: at.at(file) }, at.at("tree"), options).run();
  return report.findings.map(({ finding, path }) => `${finding} ${path}`);
}

async function damage(at: Workspace, text: string): Promise<SyncError> {
  writeFileSync(at.at("DAMAGED"), text);
  return await assertRejects(() => found(at, "DAMAGED"), SyncError);
}

/** A tree, its manifest, and then what happened to the tree. */
async function changed(at: Workspace, recordTimes: boolean, layer: "native" | "portable" = "native"): Promise<void> {
  makeTree(at.at("tree"), TREE);
  await manifest(at.at("tree"), { recordTimes, layer }).lines().writeTo(at.at("SUMS"));
  assertEquals(await found(at, "SUMS", { layer }), []);
  const script = `printf abd > a; printf ABC > a.txt; touch -d @1000000000 a.txt; printf longer > d/b
    rm d/gone; ln -sfn b link; rm pipe; mkdir pipe; touch new`;
  mustRun("bash", ["-ec", script], { cwd: at.at("tree") });
}

describe("verify() of a manifest and a tree", () => {
  for (const layer of ["native", "portable"] as const) {
    it(`tells every class apart (${layer})`, () =>
      withWorkspace(async (at) => {
        await changed(at, true, layer);
        const expected = [
          "changed a",
          "content a.txt",
          "changed d/b",
          "missing d/gone",
          "content link",
          "extra new",
          "type pipe",
        ];
        assertEquals(await found(at, "SUMS", { layer }), expected);
        for (const jobs of [1, 4]) assertEquals(await found(at, "SUMS", { layer, jobs }), expected);
      }));
  }

  it("knows of no change of time where the manifest keeps none", () =>
    withWorkspace(async (at) => {
      await changed(at, false);
      assertEquals((await found(at)).slice(0, 3), ["content a", "content a.txt", "content d/b"]);
    }));

  it(
    "takes those of other tools, in any order; they say nothing of what is no file",
    requires("sha256sum"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("tree"), TREE);
        for (const program of ["sha256sum", "sha512sum", "sha1sum", "md5sum"]) {
          mustRun("bash", ["-ec", `find . -type f | sort -r | xargs ${program} > ../SUMS`], { cwd: at.at("tree") });
          assertEquals(await found(at), []);
        }
        mustRun("bash", ["-ec", "b2sum $(find . -type f) > ../SUMS; touch more; echo >> a"], { cwd: at.at("tree") });
        assertEquals(await found(at, "SUMS", { algorithm: "blake2b" }), ["content a", "extra more"]);
        mustRun("bash", ["-ec", "rm a; ln -s a.txt a; rm more"], { cwd: at.at("tree") });
        assertEquals(await found(at, "SUMS", { algorithm: "blake2b" }), ["type a"]);
      }),
  );

  it("leaves out what filters leave out, there or not", () =>
    withWorkspace(async (at) => {
      await changed(at, true);
      const options = { exclude: ["a*", "gone", "link", "new", "/pipe"] };
      assertEquals(await found(at, "SUMS", options), ["changed d/b"]);
      assertEquals(await found(at, "SUMS", { exclude: ["d/", "a*", "link", "new", "pipe"] }), []);
    }));

  it("refuses one that is damaged, by line, before anything is compared", () =>
    withWorkspace(async (at) => {
      makeTree(at.at("tree"), { a: { file: "abc" } });
      const line = `${ABC}  a\n`;
      for (
        const [text, message] of [
          [`${line}${ABC}  ../a\n`, /line 2: its name leaves the directory/],
          [`${line}${ABC}  /a\n`, /line 2: its name is absolute/],
          [`${line}${ABC}  a\0b\n`, /line 2: it holds NUL/],
          [`${ABC.slice(2)}  a\n`, /line 1: no checksum that is known has 62 digits/],
          [`${line}${line}`, /line 2: it names "a" once more/],
          [`${ABC}  b\n${line}${ABC}  b\n`, /line 3: it names "b" once more/],
          [`${ABC}  a\r\n`, /line 1: it ends in CR LF/],
          ["", /there is no checksum in it/],
          ["hello\n".repeat(20), /line 5: .*; and 15 more$/],
        ] as const
      ) {
        const error = await damage(at, text);
        assertEquals(error.code, "manifest-damaged", text);
        assertMatch(error.message, message);
      }
      assertEquals((await assertRejects(() => found(at, "NONE"), SyncError)).code, "source-missing");
    }));

  it("says of each algorithm that it writes that nothing differs, and finds a flipped bit", () =>
    withWorkspace(async (at) => {
      makeTree(at.at("tree"), { f: { file: "x".repeat(100_000), mtime: "1000000000" } });
      for (const algorithm of ["sha256", "sha512", "sha1", "md5", "blake2b", "blake3", "xxh128"] as HashAlgorithm[]) {
        await manifest(at.at("tree"), { algorithm, tag: true }).lines().writeTo(at.at("SUMS"));
        assertEquals(await found(at), []);
        const bytes = readFileSync(at.at("tree/f"));
        bytes[77_777]! ^= 1;
        writeFileSync(at.at("tree/f"), bytes);
        assertEquals(await found(at), ["content f"]);
      }
    }));
});
