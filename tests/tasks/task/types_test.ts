/** What is inferred: this file fails to compile where it is not. */
import $ from "dax";
import {
  type CommandEvent,
  type CommandReport,
  defineTask,
  doctor,
  type DoctorReport,
  type EventsOf,
  mirror,
  type MirrorEvent,
  type MirrorPlan,
  type MirrorReport,
  parallel,
  retry,
  sequence,
  when,
} from "undrift";
import { assertEquals, describe, it } from "../../support/test_api.ts";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;

/** Compiles only when it is given `true`, whose type is what is asserted. */
function holds(_yes: true): void {}

type ReportsOfTask<Each extends { run(...args: never[]): Promise<{ reports: unknown }> }> = Awaited<
  ReturnType<Each["run"]>
>["reports"];

describe("composed tasks", () => {
  const byName = sequence({
    a: mirror("a", "b"),
    b: $`true`,
    c: retry(doctor(".")),
    d: when(true, parallel([mirror("a", "c"), $`true`])),
    e: defineTask("e", () => 7),
  });
  const byPlace = parallel([mirror("a", "b"), $`true`]);

  it("infer what is reported, by name and by place", () => {
    type Named = ReportsOfTask<typeof byName>;
    const named: [
      Same<Named["a"], MirrorReport>,
      Same<Named["b"], CommandReport>,
      Same<Named["c"], DoctorReport>,
      Same<NonNullable<Named["d"]>["reports"][0], MirrorReport>,
      Same<Named["e"], number>,
    ] = [true, true, true, true, true];
    type Placed = ReportsOfTask<typeof byPlace>;
    const placed: [Same<Placed[0], MirrorReport>, Same<Placed[1], CommandReport>, Same<Placed["length"], 2>] = [
      true,
      true,
      true,
    ];
    [...named, ...placed].forEach(holds);
    assertEquals(typeof byName.run, "function");
  });

  it("infer what is said, however deep, and what is planned", () => {
    type Steps = readonly [
      ReturnType<typeof mirror>,
      typeof $ extends (...args: never[]) => infer Command ? Command : 0,
    ];
    holds(true satisfies Same<EventsOf<Steps>, MirrorEvent | CommandEvent>);
    const nested = sequence([byPlace, retry(doctor("."))]);
    holds(true satisfies Same<EventsOf<readonly [typeof nested]>, MirrorEvent | CommandEvent>);
    type Plan = Awaited<ReturnType<typeof byPlace.plan>>["plans"];
    holds(true satisfies Same<Plan[0], MirrorPlan | undefined>);
    holds(true satisfies Same<Plan[1], undefined>);
  });
});
