/** The catalog over files of `node:sqlite`: what is noted comes back, and every kind of bad file is survived. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { OLDEST } from "../../lib/catalog/catalog.ts";
import { SyncError } from "../../lib/errors.ts";
import type { Degradation } from "../../lib/model/capabilities.ts";
import { ROOT } from "../../lib/model/rel_path.ts";
import { isSettled, type Stamp } from "../../lib/model/stamp.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows, describe, it } from "../support/test_api.ts";
import { withWorkspace } from "../support/workspace.ts";
import { checksumOf, NOW_MS, openCatalog, path, stampOf, withCatalog } from "./fixture.ts";

const TREE = "/srv/data";

function recordSome(file: string, warnings?: Degradation[]): void {
  withCatalog(file, (catalog) => {
    for (let count = 0; count < 10; count++) {
      const reading = { stamp: stampOf(count), checksum: checksumOf(count) };
      catalog.record(TREE, path("d"), `f${count}`, reading, NOW_MS);
    }
  }, warnings);
}

function knownSizes(file: string, warnings?: Degradation[]): number[] {
  return withCatalog(
    file,
    (catalog) => [...catalog.directory(TREE, path("d")).values()].map(({ stamp }) => stamp.size),
    warnings,
  );
}

const second = fc.integer({ min: -(2 ** 34), max: 2 ** 34 });
const nanosecond = fc.integer({ min: 0, max: 999_999_999 });
const anyStamp: fc.Arbitrary<Stamp> = fc.record({
  size: fc.maxSafeNat(),
  mtimeSeconds: second,
  mtimeNanoseconds: nanosecond,
  ctimeSeconds: second,
  ctimeNanoseconds: nanosecond,
  inode: fc.maxSafeNat(),
});
/** Names as bytes: also such that are not UTF-8. */
const anyName = fc.string({ unit: fc.constantFrom("a", "é", "𝒳", "\udcff", "\udc80", "'", "\n", " "), minLength: 1 });

describe("Catalog", () => {
  it("gives back what was recorded, whatever names, numbers and algorithm", () =>
    withWorkspace((at) => {
      let count = 0;
      fc.assert(
        fc.property(anyName, anyName, anyStamp, fc.uint8Array({ minLength: 1 }), (directory, name, stamp, checksum) => {
          const file = at.at(`catalog${count++}`);
          withCatalog(file, (catalog) => catalog.record(TREE, path(directory), name, { stamp, checksum }, NOW_MS));
          const known = withCatalog(file, (catalog) => [...catalog.directory(TREE, path(directory))]);
          const wanted = { stamp, checksum, recordedMs: NOW_MS, verifiedMs: NOW_MS };
          assertEquals(known, isSettled(stamp, NOW_MS) ? [[name, wanted]] : []);
        }),
        { numRuns: 40 },
      );
    }));

  it("keeps roots, directories and algorithms apart", () =>
    withWorkspace((at) => {
      recordSome(at.at("c"));
      withCatalog(at.at("c"), (catalog) => {
        assertEquals(catalog.directory("/srv", path("data/d")).size, 0);
        assertEquals(catalog.directory(TREE, ROOT).size, 0);
        assertEquals(catalog.directory(TREE, path("d")).size, 10);
      });
      const other = openCatalog(at.at("c"), [], { algorithm: "md5" });
      assertEquals(other.directory(TREE, path("d")).size, 0);
      other.close();
    }));

  it("replaces, verifies and forgets", () =>
    withWorkspace((at) => {
      recordSome(at.at("c"));
      withCatalog(at.at("c"), (catalog) => {
        catalog.record(TREE, path("d"), "f1", { stamp: stampOf(100), checksum: checksumOf(100) }, NOW_MS + 5);
        catalog.verified(TREE, path("d"), "f2", NOW_MS + 9);
        catalog.verified(TREE, path("d"), "f4", NOW_MS - 9);
        catalog.verified(TREE, path("d"), "none", NOW_MS);
        catalog.forget(TREE, path("d"), "f3");
        catalog.flush();
        const known = catalog.directory(TREE, path("d"));
        assertEquals(known.size, 9);
        assertEquals(known.get("f1")?.checksum, checksumOf(100));
        assertEquals([known.get("f2")?.recordedMs, known.get("f2")?.verifiedMs], [NOW_MS, NOW_MS + 9]);
        assertEquals(known.get("f4")?.verifiedMs, NOW_MS);
      });
    }));

  it("does not record a file that may have been written again without a trace", () =>
    withWorkspace((at) => {
      withCatalog(at.at("c"), (catalog) => {
        const reading = { stamp: stampOf(1, NOW_MS / 1000), checksum: checksumOf(1) };
        catalog.record(TREE, ROOT, "racy", reading, NOW_MS + 20);
        catalog.record(TREE, ROOT, "old", reading, NOW_MS + 2_000);
        catalog.flush();
        assertEquals([...catalog.directory(TREE, ROOT).keys()], ["old"]);
      });
    }));

  it("gives files by age in pieces, each once", () =>
    withWorkspace((at) => {
      withCatalog(at.at("c"), (catalog) => {
        const order = [5, 3, 9, 1, 7, 3, 3, 3];
        order.forEach((age, count) => {
          const reading = { stamp: stampOf(count), checksum: checksumOf(count) };
          catalog.record(count % 2 === 0 ? TREE : "/other", path(`d${count % 3}`), `f${count}`, reading, NOW_MS + age);
        });
        const found: string[] = [];
        let after = OLDEST;
        for (;;) {
          const piece = catalog.oldest(TREE, after, NOW_MS + 9, 1);
          if (piece.length === 0) break;
          after = piece[0]!.age;
          found.push(`${piece[0]!.directory}/${piece[0]!.name}`);
        }
        assertEquals(found, ["d0/f6", "d0/f0", "d1/f4"].sort((a, b) => ages[a]! - ages[b]!));
        assertEquals(catalog.oldest(TREE, OLDEST, Infinity, 100).length, 4);
      });
    }));

  it("writes what was noted in time, so that little is lost when the process dies", () =>
    withWorkspace((at) => {
      let now = NOW_MS;
      const writer = openCatalog(at.at("c"), [], { wallClock: () => now });
      const reading = { stamp: stampOf(1), checksum: checksumOf(1) };
      writer.record(TREE, path("d"), "a", reading, NOW_MS);
      assertEquals(knownSizes(at.at("c")), []);
      now += 5_000;
      writer.record(TREE, path("d"), "b", reading, NOW_MS);
      assertEquals(knownSizes(at.at("c")), [1, 1]);
      for (let count = 0; count < 600; count++) writer.record(TREE, path("d"), `c${count}`, reading, NOW_MS);
      assert(knownSizes(at.at("c")).length > 500);
      writer.close();
    }));
});

const ages: Readonly<Record<string, number>> = { "d0/f6": 3, "d0/f0": 5, "d1/f4": 7 };

/** What stands where a catalog should be, and what is said of it. */
const BAD_FILES: readonly (readonly [what: string, make: (file: string) => void, word: string])[] = [
  ["a text", (file) => writeFileSync(file, "my thesis\n".repeat(1_000)), "damaged"],
  ["a short text", (file) => writeFileSync(file, "x"), "damaged"],
  ["another program's database", (file) => sqlite(file, "CREATE TABLE mine (a)"), "of another program"],
  ["a catalog of a newer version", (file) => {
    recordSome(file);
    sqlite(file, "PRAGMA user_version = 99");
  }, "of another version"],
  ["a catalog without its tables", (file) => {
    recordSome(file);
    sqlite(file, "DROP TABLE files");
  }, "damaged"],
  ["a catalog with an overwritten page", (file) => {
    recordSome(file);
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 4096);
    writeFileSync(file, bytes);
  }, "damaged"],
];

function sqlite(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

describe("Catalog over a bad file", () => {
  for (const [what, make, word] of BAD_FILES) {
    it(`sets ${what} aside, untouched, and begins anew`, () =>
      withWorkspace((at) => {
        make(at.at("c"));
        const before = readFileSync(at.at("c"));
        const warnings: Degradation[] = [];
        recordSome(at.at("c"), warnings);
        assertEquals(knownSizes(at.at("c")).length, 10);
        assertEquals(warnings.map(({ name }) => name), ["catalog-set-aside"]);
        assertStringIncludes(warnings[0]!.message, word);
        assertEquals(readFileSync(at.at("c.set-aside-1")), before);
      }));
  }

  it("never takes the name of a file that was set aside before", () =>
    withWorkspace((at) => {
      for (let turn = 1; turn <= 3; turn++) {
        writeFileSync(at.at("c"), `thesis ${turn}`);
        recordSome(at.at("c"));
      }
      const kept = readdirSync(at.path).filter((name) => /set-aside-\d$/.test(name));
      assertEquals(kept.sort().map((name) => readFileSync(at.at(name), "utf8")), ["thesis 1", "thesis 2", "thesis 3"]);
    }));

  it("takes no row for true that is not as it was written", () =>
    withWorkspace((at) => {
      for (const change of ["checksum = x'00020304'", "size = size + 1", "ctime = ctime + 1", "inode = 3"]) {
        recordSome(at.at("c"));
        sqlite(at.at("c"), `UPDATE files SET ${change} WHERE name = CAST('f5' AS BLOB)`);
        assertEquals(knownSizes(at.at("c")).length, 9, change);
      }
    }));

  it("survives numbers that no column of ours holds", () =>
    withWorkspace((at) => {
      recordSome(at.at("c"));
      sqlite(at.at("c"), "UPDATE files SET size = 9223372036854775807");
      const warnings: Degradation[] = [];
      assertEquals(knownSizes(at.at("c"), warnings), []);
      assertEquals(warnings.map(({ name }) => name), ["catalog-set-aside"]);
    }));

  it("goes on without what cannot be written, and says so", () =>
    withWorkspace((at) => {
      recordSome(at.at("c"));
      const catalog = openCatalog(at.at("c"));
      const other = new DatabaseSync(at.at("c"));
      other.exec("CREATE TRIGGER no BEFORE INSERT ON files BEGIN SELECT RAISE(ABORT, 'no'); END");
      const warnings: Degradation[] = [];
      const refused = openCatalog(at.at("c"), warnings);
      refused.record(TREE, path("d"), "new", { stamp: stampOf(1), checksum: checksumOf(1) }, NOW_MS);
      refused.close();
      assertEquals(warnings.map(({ name }) => name), ["catalog-not-kept"]);
      other.close();
      catalog.close();
    }));

  it("refuses what cannot be a file at all", () =>
    withWorkspace((at) => {
      at.directory("d");
      const directory = assertThrows(() => openCatalog(at.at("d")), SyncError);
      assertEquals(directory.code, "unsupported");
      const nowhere = assertThrows(() => openCatalog(at.at("no/such/c")), SyncError);
      assertEquals(nowhere.code, "catalog-unusable");
      assert(!existsSync(at.at("no")));
    }));

  it("leaves alone what another process has put there meanwhile", () =>
    withWorkspace((at) => {
      const file = at.at("c");
      recordSome(file);
      const late = openCatalog(file);
      sqlite(file, "UPDATE files SET size = 9223372036854775807");
      // The first to notice sets it aside, and fills a new one.
      const first: Degradation[] = [];
      assertEquals(knownSizes(file, first), []);
      recordSome(file);
      assertEquals(late.directory(TREE, path("d")).size, 10);
      late.close();
      assertEquals(readdirSync(at.path).filter((name) => /set-aside-\d$/.test(name)), ["c.set-aside-1"]);
    }));
});
