/**
 * The contract that every implementation of a tree keeps. One suite runs over all of them, so that what is built on
 * the ports may rely on the same behaviour, down to the error codes.
 */
import { describe } from "./test_api.ts";
import { describeEntries } from "./contract/entries_contract.ts";
import { describeFiles } from "./contract/files_contract.ts";
import type { TreeContract } from "./contract/fixture.ts";
import { describeListings } from "./contract/listing_contract.ts";
import { describeMetadata } from "./contract/metadata_contract.ts";
import { describeNames } from "./contract/names_contract.ts";
import { describeSpace } from "./contract/space_contract.ts";

export type { TreeContract, TreeFixture } from "./contract/fixture.ts";

/** Declares the tests of the contract for one implementation. */
export function describeTreeContract(name: string, contract: TreeContract): void {
  describe(name, () => {
    describeEntries(contract);
    describeFiles(contract);
    describeMetadata(contract);
    describeListings(contract);
    describeNames(contract);
    describeSpace(contract);
  });
}
