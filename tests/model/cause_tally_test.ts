import fc from "fast-check";
import { CAUSE_NAMES, type CausePolicy, CAUSES, CONSEQUENCES } from "../../lib/model/cause.ts";
import { CauseTally, sumOfCauses } from "../../lib/model/cause_tally.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";

const failure = (code: "permission" | "source-vanished" | "io" | "overlap", path = "a") => ({
  path,
  code,
  message: "",
});

describe("CauseTally", () => {
  it("decides by the policy, then by what is usual", () => {
    const tally = new CauseTally({ permission: "ignore", io: "warn" });
    const given = (["permission", "io", "source-vanished", "overlap"] as const).map((code) =>
      tally.take(failure(code), false)
    );
    assertEquals(given, ["ignore", "warn", "warn", "fail"]);
    assertEquals(tally.counts, {
      vanished: { failed: 0, warned: 1, ignored: 0 },
      permission: { failed: 0, warned: 0, ignored: 1 },
      io: { failed: 0, warned: 1, ignored: 0 },
    });
  });

  it("fails when it is strict, unless the policy names the cause", () => {
    assertEquals(new CauseTally({}).take(failure("source-vanished"), true), "fail");
    assertEquals(new CauseTally({ vanished: "warn" }).take(failure("source-vanished"), true), "warn");
  });

  it("sums up what was warned of, with the first path in a form that can be shown", () => {
    const tally = new CauseTally({ permission: "warn" });
    for (const path of ["a\n", "b"]) tally.take(failure("permission", path), false);
    tally.take(failure("source-vanished", "c"), false);
    assertEquals(tally.warnings, [
      { name: "permission", message: '2 entries could not be read or changed: no permission, first "a\\n"' },
      { name: "vanished", message: '1 entry vanished from the source while it was mirrored, first "c"' },
    ]);
  });

  it("loses no entry, whatever the policy", () => {
    const policies = fc.dictionary(fc.constantFrom(...CAUSE_NAMES), fc.constantFrom(...CONSEQUENCES));
    const codes = fc.array(fc.constantFrom(...CAUSE_NAMES.filter((cause) => cause !== "vanished"), "source-vanished"));
    fc.assert(fc.property(policies, codes, (policy: CausePolicy, met) => {
      const tally = new CauseTally(policy);
      const given = met.map((code) => tally.take({ path: "p", code, message: "" } as never, false));
      for (const [word, as] of [["fail", "failed"], ["warn", "warned"], ["ignore", "ignored"]] as const) {
        assertEquals(sumOfCauses(tally.counts, as), given.filter((each) => each === word).length);
      }
      assertEquals(
        given,
        met.map((code) => {
          const cause = code === "source-vanished" ? "vanished" : code;
          return policy[cause as keyof CausePolicy] ?? CAUSES[cause as keyof CausePolicy].usual;
        }),
      );
    }));
  });
});
