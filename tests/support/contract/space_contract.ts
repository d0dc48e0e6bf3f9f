/** How much room a tree says there is. */
import { assertEquals, describe, it } from "../test_api.ts";
import { type TreeContract, withRoot, writeFile } from "./fixture.ts";

/** Declares the tests. */
export function describeSpace(contract: TreeContract): void {
  describe("Tree.space()", () => {
    it(
      "says nothing, or gives numbers that agree",
      withRoot(contract, (root, tree) => {
        writeFile(root, "f", "content");
        const space = tree.space();
        if (space === undefined) return assertEquals(contract.capabilities.layer, "memory");
        const { blockBytes, freeBytes, usedBytes, freeEntries, usedEntries } = space;
        const numbers = [blockBytes, freeBytes, usedBytes, freeEntries ?? 0, usedEntries ?? 0];
        assertEquals(numbers.filter((each) => !Number.isSafeInteger(each) || each < 0), []);
        assertEquals([freeBytes % blockBytes, usedBytes % blockBytes], [0, 0]);
        assertEquals(freeEntries === undefined, usedEntries === undefined);
        assertEquals(/^(?:[a-z]\w*|0x[0-9a-f]+)$/.test(space.type), true, space.type);
      }),
    );
  });
}
