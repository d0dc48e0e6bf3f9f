/** The policy: examples by date, and properties against a reference that is written another way. */
import fc from "fast-check";
import { momentBefore, type Period, periodOf, type Span } from "../../lib/snapshot/calendar.ts";
import {
  type Candidate,
  hasRule,
  judgeSnapshots,
  type KeepReason,
  type RetentionRules,
  type Verdict,
} from "../../lib/snapshot/retention.ts";
import { verdictText } from "../../lib/snapshot/retention_text.ts";
import { assert, assertEquals, describe, it } from "../support/test_api.ts";

const PERIODS: readonly Period[] = ["hourly", "daily", "weekly", "monthly", "yearly"];
const NO_COUNTS = { hourly: 0, daily: 0, weekly: 0, monthly: 0, yearly: 0 };
const NONE: RetentionRules = { last: 0, counts: NO_COUNTS, within: undefined, tags: [], timeZone: "UTC" };
const NO_SPAN: Span = { years: 0, months: 0, weeks: 0, days: 0, hours: 0, minutes: 0 };
const NOW = Date.UTC(2026, 10, 24, 12);

function taken(name: string, init: Partial<Candidate> = {}): Candidate {
  const takenMs = Date.parse(name.replace(/T(..)-(..)-(..)Z/, "T$1:$2:$3Z"));
  return { name, takenMs, tags: [], whole: true, ...init };
}

function kept(verdicts: readonly Verdict[]): string[] {
  return verdicts.filter(({ keep }) => keep).map(({ name }) => name);
}

function keptOf(candidates: readonly Candidate[], rules: Partial<RetentionRules>, now = NOW): string[] {
  return kept(judgeSnapshots(candidates, { ...NONE, ...rules }, now));
}

describe("judgeSnapshots()", () => {
  const days = Array.from({ length: 60 }, (_, day) => {
    const at = new Date(Date.UTC(2026, 9, 1 + day % 55, day < 55 ? 3 : 15)).toISOString();
    return taken(at.replace(/\.\d+Z/, "Z").replaceAll(":", "-"));
  });

  it("keeps the newest of each of the last days that have one", () => {
    const some = ["2026-11-01T01-00-00Z", "2026-11-01T23-00-00Z", "2026-11-10T05-00-00Z", "2026-11-20T05-00-00Z"];
    assertEquals(keptOf(some.map((name) => taken(name)), { counts: { ...NO_COUNTS, daily: 3 } }), [
      "2026-11-20T05-00-00Z",
      "2026-11-10T05-00-00Z",
      "2026-11-01T23-00-00Z",
    ]);
  });

  it("counts days as they are in the zone", () => {
    const some = [taken("2026-11-20T22-30-00Z"), taken("2026-11-20T23-30-00Z")];
    const counts = { ...NO_COUNTS, daily: 2 };
    assertEquals(keptOf(some, { counts }).length, 1);
    assertEquals(keptOf(some, { counts, timeZone: "Europe/Berlin" }).length, 2);
  });

  it("keeps what several rules want, and says which", () => {
    const verdicts = judgeSnapshots(days, { ...NONE, last: 2, counts: { ...NO_COUNTS, monthly: 2 } }, NOW);
    assertEquals(kept(verdicts), ["2026-11-24T03-00-00Z", "2026-11-23T03-00-00Z", "2026-10-31T03-00-00Z"]);
    assertEquals(verdicts[0]!.reasons.map(({ because }) => because), ["newest", "last", "monthly"]);
  });

  it("measures back from the newest, whatever the clock says", () => {
    const within = { ...NO_SPAN, days: 2 };
    const expected = ["2026-11-24T03-00-00Z", "2026-11-23T03-00-00Z", "2026-11-22T03-00-00Z"];
    assertEquals(keptOf(days, { within }), expected);
    assertEquals(keptOf(days, { within }, NOW + 1e12), expected);
  });

  it("lets runs with failures push nothing out", () => {
    const failed = days.slice(45).map((each) => ({ ...each, whole: false }));
    const some = [...days.slice(0, 45).map((each) => each), ...failed];
    const whole = kept(judgeSnapshots(days.slice(0, 45), { ...NONE, last: 3 }, NOW));
    const names = keptOf(some, { last: 3 });
    assertEquals(whole.every((name) => names.includes(name)), true);
    assertEquals(names.length, 6);
  });

  it("keeps the newest and the newest without failures, whatever the rules", () => {
    const some = [
      taken("2026-11-01T00-00-00Z"),
      taken("2026-11-02T00-00-00Z"),
      taken("2026-11-03T00-00-00Z", { whole: false }),
    ];
    const verdicts = judgeSnapshots(some, { ...NONE, tags: ["release"] }, NOW);
    assertEquals(verdicts.map((verdict) => [verdict.keep, verdictText(verdict, "UTC")]), [
      [true, "the newest"],
      [true, "the newest without failures"],
      [false, "has none of the tags"],
    ]);
  });

  it("keeps what is dated after the clock, and does not count it", () => {
    const some = [...days, taken("2099-01-01T00-00-00Z")];
    assertEquals(keptOf(some, { within: { ...NO_SPAN, days: 1 } }), [
      "2099-01-01T00-00-00Z",
      "2026-11-24T03-00-00Z",
      "2026-11-23T03-00-00Z",
    ]);
    // A clock that went back makes all of it the future.
    assertEquals(keptOf(days, { last: 1 }, Date.UTC(1970, 1)).length, days.length);
  });

  it("keeps what is tagged or pinned", () => {
    const some = [
      ...days.slice(10),
      taken("2026-10-01T03-00-00Z", { tags: ["a", "b"] }),
      taken("2026-10-02T03-00-00Z", { pinned: true }),
    ];
    assertEquals(keptOf(some, { tags: ["b", "c"] }).slice(1), ["2026-10-02T03-00-00Z", "2026-10-01T03-00-00Z"]);
  });

  it("says in words why each goes or stays", () => {
    const some = [
      taken("2026-11-20T01-00-00Z"),
      taken("2026-11-20T05-00-00Z"),
      taken("2026-11-01T05-00-00Z"),
      taken("2026-10-01T05-00-00Z"),
    ];
    const rules = { ...NONE, last: 1, counts: { ...NO_COUNTS, hourly: 1, daily: 2 }, within: { ...NO_SPAN, hours: 2 } };
    assertEquals(judgeSnapshots(some, rules, NOW).map((verdict) => verdictText(verdict, "UTC")), [
      "the newest; 1 of 1 of the newest; the newest of 2026-11-20 05h (+00:00) (1 of 1 hour); " +
      "the newest of 2026-11-20 (1 of 2 days); not older than 2026-11-20 03:00:00",
      "not among the newest 1; 2026-11-20 01h (+00:00) is not among the newest hour; " +
      "2026-11-20T05-00-00Z is the newest of 2026-11-20; older than 2026-11-20 03:00:00",
      "the newest of 2026-11-01 (2 of 2 days)",
      "not among the newest 1; 2026-10-01 05h (+00:00) is not among the newest hour; " +
      "2026-10-01 is not among the newest 2 days; older than 2026-11-20 03:00:00",
    ]);
  });
});

const START = Date.UTC(2024, 1, 25);
const anyCandidates = fc.uniqueArray(
  fc.record({
    // Some hours apart or some days, so that all periods have several and some have none.
    takenMs: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 900 }).map((days) => days * 24))
      .map((hours) => START + hours * 1_800_000),
    tags: fc.subarray(["a", "b"]),
    whole: fc.boolean(),
  }),
  { selector: ({ takenMs }) => takenMs, maxLength: 40 },
).map((list): Candidate[] => list.map((each) => ({ ...each, name: new Date(each.takenMs).toISOString() })));
const few = fc.integer({ min: 0, max: 4 });
const anyRules: fc.Arbitrary<RetentionRules> = fc.record({
  last: few,
  counts: fc.record({ hourly: few, daily: few, weekly: few, monthly: few, yearly: few }),
  within: fc.option(fc.record({ ...mapValues(NO_SPAN, () => fc.constant(0)), days: few, hours: few }), {
    nil: undefined,
  }),
  tags: fc.subarray(["a", "b", "c"]),
  timeZone: fc.constantFrom("UTC", "Europe/Berlin", "Pacific/Apia"),
});
const anyNow = fc.constantFrom(START + 3e12, START + 3e8, START + 1e9);

function mapValues<T, U>(record: Readonly<Record<keyof Span, T>>, map: (value: T) => U): Record<keyof Span, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)])) as Record<keyof Span, U>;
}

/** What is to be kept, said of one snapshot at a time. */
function shouldKeep(one: Candidate, all: readonly Candidate[], rules: RetentionRules, now: number): boolean {
  if (one.takenMs > now || one.tags.some((tag) => rules.tags.includes(tag))) return true;
  const present = all.filter(({ takenMs }) => takenMs <= now);
  const newer = (group: readonly Candidate[]) => group.filter(({ takenMs }) => takenMs > one.takenMs);
  const whole = present.filter((each) => each.whole);
  if (newer(present).length === 0 || (one.whole && newer(whole).length === 0)) return true;
  const group = one.whole ? whole : present;
  if (newer(group).length < rules.last) return true;
  for (const period of PERIODS) {
    const mine = periodOf(period, one.takenMs, rules.timeZone);
    const others = newer(group).map(({ takenMs }) => periodOf(period, takenMs, rules.timeZone));
    if (!others.includes(mine) && new Set(others).size < rules.counts[period]) return true;
  }
  const newest = Math.max(...group.map(({ takenMs }) => takenMs));
  return rules.within !== undefined && one.takenMs >= momentBefore(newest, rules.within, rules.timeZone);
}

describe("the policy", () => {
  it("keeps what each rule says, and nothing else", () => {
    fc.assert(fc.property(anyCandidates, anyRules, anyNow, (all, rules, now) => {
      const expected = all.filter((one) => shouldKeep(one, all, rules, now)).map(({ name }) => name).sort().reverse();
      assertEquals(kept(judgeSnapshots(all, rules, now)), expected);
    }));
  });

  it("keeps the same when it is applied to what it kept", () => {
    fc.assert(fc.property(anyCandidates, anyRules, anyNow, (all, rules, now) => {
      const names = kept(judgeSnapshots(all, rules, now));
      const left = all.filter(({ name }) => names.includes(name));
      assertEquals(kept(judgeSnapshots(left, rules, now)), names);
    }));
  });

  it("keeps no less when a rule asks for more", () => {
    fc.assert(fc.property(anyCandidates, anyRules, anyRules, anyNow, (all, rules, more, now) => {
      const larger: RetentionRules = {
        ...rules,
        last: rules.last + more.last,
        counts: Object.fromEntries(PERIODS.map((each) => [each, rules.counts[each] + more.counts[each]])) as Record<
          Period,
          number
        >,
        within: rules.within ?? more.within,
        tags: [...rules.tags, ...more.tags],
      };
      const names = kept(judgeSnapshots(all, larger, now));
      assertEquals(kept(judgeSnapshots(all, rules, now)).filter((name) => !names.includes(name)), []);
    }));
  });

  it("removes no whole snapshot because others failed", () => {
    fc.assert(fc.property(anyCandidates, anyRules, anyNow, (all, rules, now) => {
      const whole = all.filter((each) => each.whole);
      const names = kept(judgeSnapshots(all, rules, now));
      assertEquals(kept(judgeSnapshots(whole, rules, now)).filter((name) => !names.includes(name)), []);
    }));
  });

  it("removes nothing more as time passes without a new snapshot", () => {
    fc.assert(fc.property(anyCandidates, anyRules, (all, rules) => {
      const end = Math.max(START, ...all.map(({ takenMs }) => takenMs));
      assertEquals(kept(judgeSnapshots(all, rules, end)), kept(judgeSnapshots(all, rules, end + 1e12)));
    }));
  });

  it("gives every verdict a reason, never removes all, and has words for each", () => {
    fc.assert(fc.property(anyCandidates, anyRules, anyNow, (all, rules, now) => {
      const verdicts = judgeSnapshots(all, rules, now);
      assertEquals(verdicts.length, all.length);
      assert(all.length === 0 || kept(verdicts).length > 0);
      if (all.some(({ whole }) => whole)) {
        assert(verdicts.some(({ keep, name }) => keep && all.find((each) => each.name === name)!.whole));
      }
      for (const verdict of verdicts) {
        if (verdict.keep || hasRule(rules)) assert(verdictText(verdict, rules.timeZone) !== "");
      }
    }));
  });
});

describe("hasRule()", () => {
  it("sees every rule", () => {
    assertEquals(hasRule(NONE), false);
    const some: Partial<RetentionRules>[] = [{ last: 1 }, { within: { ...NO_SPAN, days: 1 } }, { tags: ["a"] }];
    for (const period of PERIODS) some.push({ counts: { ...NO_COUNTS, [period]: 1 } });
    for (const rule of some) assertEquals(hasRule({ ...NONE, ...rule }), true);
  });
});

describe("verdictText()", () => {
  it("escapes tags", () => {
    const reasons: KeepReason[] = [{ because: "tag", tag: "a\x1b[2J\n" }];
    assertEquals(verdictText({ name: "x", keep: true, reasons }, "UTC"), 'has the tag "a\\x1b[2J\\n"');
  });
});
