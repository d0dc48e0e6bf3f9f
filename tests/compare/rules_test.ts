import { assertEquals, describe, it } from "../support/test_api.ts";
import { type CompareWishes, resolveRules } from "../../lib/compare/rules.ts";
import type { Capabilities } from "../../lib/model/capabilities.ts";
import { memoryTree } from "../../lib/model/memory_tree.ts";

const WISHES: CompareWishes = {
  ...{ content: true, times: true, modifyWindowSeconds: 0, modes: true, owners: true, groups: true, xattrs: true },
};

function tree(capabilities: Partial<Capabilities> = {}): Capabilities {
  return memoryTree({}, { capabilities }).capabilities;
}

describe("resolveRules()", () => {
  it("keeps every wish between trees that can do everything", () => {
    assertEquals(resolveRules(WISHES, tree(), tree()), {
      ...{ content: true, times: true, windowNanoseconds: 0, modes: true, owners: true, groups: true },
      ...{ settableGroups: undefined, xattrs: true },
    });
    const none = { content: false, times: false, modes: false, owners: false, groups: false, xattrs: false };
    assertEquals(resolveRules({ ...WISHES, ...none }, tree(), tree()), {
      ...none,
      ...{ windowNanoseconds: 0, settableGroups: undefined },
    });
  });

  it("allows for the coarser times of both trees, and for the window when that is wider", () => {
    const coarse = tree({ timeStepNanoseconds: 1_000_000 });
    const window = (seconds: number, source: Capabilities, destination: Capabilities) =>
      resolveRules({ ...WISHES, modifyWindowSeconds: seconds }, source, destination).windowNanoseconds;
    assertEquals([window(0, coarse, tree()), window(0, tree(), coarse)], [999_999, 999_999]);
    assertEquals([window(2, coarse, tree()), window(0.0001, coarse, tree())], [2_000_000_000, 999_999]);
    assertEquals(window(0.000000001, tree(), tree()), 1);
  });

  it("plans no owners and only its own groups for who is not privileged", () => {
    const rules = resolveRules(WISHES, tree(), tree({ privileged: false, groups: [5, 6] }));
    assertEquals([rules.owners, rules.groups, rules.settableGroups], [false, true, new Set([5, 6])]);
    assertEquals(resolveRules(WISHES, tree({ privileged: false }), tree()).owners, true);
  });

  it("plans extended attributes only where both trees have them", () => {
    const none = tree({ xattrs: false });
    assertEquals([resolveRules(WISHES, none, tree()).xattrs, resolveRules(WISHES, tree(), none).xattrs], [
      false,
      false,
    ]);
  });
});
