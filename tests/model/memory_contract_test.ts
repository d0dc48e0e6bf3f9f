/** The contract over memory. */
import { memoryTree } from "../../lib/model/memory_tree.ts";
import { describeTreeContract } from "../support/tree_contract.ts";

const CAN_LITTLE = {
  byteNames: false,
  timeStepNanoseconds: 1_000_000,
  specials: false,
  holes: false,
  xattrs: false,
  kernelCopy: false,
};

for (const [name, capabilities] of Object.entries({ "MemoryTree": {}, "MemoryTree that can do little": CAN_LITTLE })) {
  describeTreeContract(name, {
    make: () => ({ tree: memoryTree({}, { capabilities }), dispose() {} }),
    capabilities: memoryTree({}, { capabilities }).capabilities,
    exchange: true,
    longPaths: true,
    earlyFractionsOnSymlinks: true,
    asRoot: {},
  });
}
