/** The contract on listing directories. */
import { assertEquals, assertGreater, assertNotEquals, describe, it } from "../test_api.ts";
import { Listing, matchListings } from "../../../lib/model/listing.ts";
import { listAll, makeDirectory, type TreeContract, withRoot, withWriter, writeFile } from "./fixture.ts";

/** Entries of the large directory. */
const MANY = 5_000;

/** Declares the tests. */
export function describeListings(contract: TreeContract): void {
  describe("listing", () => {
    it(
      "list() gives every entry with the metadata of lookup()",
      withRoot(contract, (root, tree) => {
        writeFile(root, "f", "content");
        withWriter(root, "large", (writer) => writer.truncate(2 ** 33 + 17));
        makeDirectory(root, "d").close();
        root.makeSymlink("l", "nowhere");
        for (const name of ["f", "l"]) root.setMetadata(name, { mtimeSeconds: -5, mtimeNanoseconds: 0 });
        if (contract.capabilities.specials) root.makeSpecial("p", { ...root.entry(), kind: "fifo", mode: 0o600 });
        const listing = listAll(tree);
        assertEquals(listing.count, contract.capabilities.specials ? 5 : 4);
        for (let index = 0; index < listing.count; index++) {
          const name = listing.name(index);
          assertEquals(listing.entry(index), root.lookup(name), name);
          assertEquals(listing.identity(index), root.identityOf(name), name);
          assertEquals(listing.error(index), undefined);
        }
      }),
    );

    it(
      "list() adds nothing for an empty directory, and adds to what is there",
      withRoot(contract, (root, tree) => {
        assertEquals(listAll(tree).count, 0);
        writeFile(root, "f", "");
        const listing = listAll(tree);
        const again = tree.open("" as Parameters<typeof tree.open>[0]);
        while (again.list(listing));
        again.close();
        assertEquals(listing.count, 2);
      }),
    );

    it(
      "list() tells how many names a file has",
      withRoot(contract, (root, tree) => {
        if (!contract.capabilities.hardLinks) return;
        writeFile(root, "a", "x");
        root.link("b", root, "a");
        writeFile(root, "single", "x");
        const listing = listAll(tree);
        const facts = new Map(
          Array.from(
            { length: listing.count },
            (_, at) => [listing.name(at), [listing.links(at), listing.identity(at)]],
          ),
        );
        assertEquals(facts.get("a")?.[0], 2);
        assertEquals(facts.get("a"), facts.get("b"));
        assertEquals(facts.get("single")?.[0], 1);
        assertNotEquals(facts.get("single")?.[1], facts.get("a")?.[1]);
      }),
    );

    it(
      `list() gives ${MANY} entries in pieces`,
      withRoot(contract, (root, tree) => {
        const d = makeDirectory(root, "d");
        for (let at = 0; at < MANY; at++) writeFile(d, `file-${at}-${"x".repeat(at % 40)}`, "x".repeat(at % 7));
        d.close();
        const directory = root.openDirectory("d");
        const listing = new Listing();
        let pieces = 0;
        while (directory.list(listing)) pieces++;
        directory.close();
        assertGreater(pieces, 1);
        assertEquals(listing.count, MANY);
        const seen = new Set<string>();
        for (let index = 0; index < listing.count; index++) {
          const name = listing.name(index);
          seen.add(name);
          assertEquals(listing.size(index), Number(/-(\d+)-/.exec(name)?.[1]) % 7);
          assertEquals(listing.kind(index), "file");
        }
        assertEquals(seen.size, MANY);
        const other = listAll(tree, "d");
        const matches = matchListings(listing, other, new Int32Array(0));
        for (let index = 0; index < MANY; index++) assertEquals(other.name(matches[index] ?? -1), listing.name(index));
      }),
    );

    it(
      "list() can be left half way",
      withRoot(contract, (root) => {
        for (const name of ["a", "b", "c"]) writeFile(root, name, "");
        const listing = new Listing();
        root.list(listing);
        root.close();
        root.close();
      }),
    );
  });
}
