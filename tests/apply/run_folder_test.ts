import { claimFolder, runFolder } from "../../lib/apply/run_folder.ts";
import { SyncError } from "../../lib/errors.ts";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";

/** Makes folders beside those of other runs. */
function maker(...taken: string[]): { readonly made: string[]; readonly make: (name: string) => void } {
  const made: string[] = [];
  return {
    made,
    make(name) {
      if (taken.includes(name)) throw new SyncError("exists", "Cannot make it: it exists");
      made.push(name);
    },
  };
}

describe("claimFolder()", () => {
  it("makes the folder once, whoever asks", () => {
    const folder = runFolder("now");
    const { made, make } = maker();
    const shared = { ...folder };
    assertEquals([claimFolder(folder, make), claimFolder(shared, make), claimFolder(folder, make)], [
      "now",
      "now",
      "now",
    ]);
    assertEquals(made, ["now"]);
  });

  it("adds a number when another run has the name", () => {
    const folder = runFolder("now");
    const { made, make } = maker("now", "now-2");
    assertEquals([claimFolder(folder, make), claimFolder(folder, make)], ["now-3", "now-3"]);
    assertEquals(made, ["now-3"]);
  });

  it("tries again after it could not be made", () => {
    const folder = runFolder("now");
    const fails = () => {
      throw new SyncError("no-space", "Cannot make it: no space");
    };
    assertEquals(assertThrows(() => claimFolder(folder, fails), SyncError).code, "no-space");
    assertEquals(claimFolder(folder, maker().make), "now");
  });
});
