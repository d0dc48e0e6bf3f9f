/** Comparing together: whoever answers, and however late, only what is the same is ever called so. */
import fc from "fast-check";
import { type FileTickets, JointComparison, jointMemory, PART_BYTES } from "../../lib/apply/joint_comparison.ts";
import { finish } from "../../lib/model/steps.ts";
import type { FileReader } from "../../lib/model/tree.ts";
import { assert, assertEquals, describe, it } from "../support/test_api.ts";

const PARTS = 70;

/** A file of which it is only known which parts differ from the other's. */
class Parts {
  readonly looked: number[] = [];
  readonly #differing: ReadonlySet<number>;
  readonly #fails: boolean;

  constructor(differing: ReadonlySet<number>, fails = false) {
    this.#differing = differing;
    this.#fails = fails;
  }

  sameBytes(_other: unknown, position: number): boolean {
    if (this.#fails) throw new Error("bad descriptor");
    const part = position / PART_BYTES;
    this.looked.push(part);
    return !this.#differing.has(part);
  }
}

/** Files by number. */
class Table implements FileTickets {
  readonly #files: FileReader[];

  constructor(...files: unknown[]) {
    this.#files = files as FileReader[];
  }

  ticketOf(file: FileReader): number | undefined {
    const index = this.#files.indexOf(file);
    return index < 0 ? undefined : index;
  }

  adopt(ticket: number): FileReader {
    return this.#files[ticket]!;
  }
}

/** Lets an owner and helpers take turns; returns what the owner was told, and what was looked at. */
function compareTogether(differing: ReadonlySet<number>, turns: readonly number[], helpers: number, extra = 0) {
  let called: [number, number] | undefined;
  const start = 3 * PART_BYTES * 2 ** 13; // beyond 2^32
  const shifted = new Parts(new Set([...differing].map((part) => part + start / PART_BYTES)));
  const readers = [shifted, new Parts(new Set())] as unknown as [FileReader, FileReader];
  const memory = jointMemory(helpers + 1);
  const table = new Table(...readers);
  const crew = Array.from({ length: helpers + 1 }, (_, slot) => new JointComparison(memory, slot, table));
  crew[0]!.call = (slot, threads) => void (called = [slot, threads]);
  const asking = crew[0]!.compare(...readers, start, start + PARTS * PART_BYTES + extra);
  asking.next();
  const helping = crew.slice(1).map((each) => each.help(0));
  let told: ((part: number) => boolean) | undefined;
  for (const turn of turns) {
    const who = turn % (helpers + 1);
    if (who > 0) helping[who - 1]!.next();
    else if (told === undefined) {
      const step = asking.next();
      if (step.done === true) told = step.value;
    }
  }
  told ??= finish(asking);
  for (const each of helping) finish(each);
  return { told: told!, looked: shifted.looked.map((part) => part - start / PART_BYTES), called };
}

describe("JointComparison", () => {
  it("calls the others, and asks about nothing twice", () => {
    const { told, looked, called } = compareTogether(
      new Set([3, 69]),
      [1, 2, 0, 1, 2, 1, 0, 2, 1, 0, 2, 2, 1, 0, 0],
      2,
      5,
    );
    assertEquals(called, [0, 3]);
    assertEquals([...looked].sort((a, b) => a - b), Array.from({ length: PARTS }, (_, part) => part));
    assertEquals(Array.from({ length: PARTS + 2 }, (_, part) => told(part)).filter((each) => !each).length, 4);
  });

  it("never says that what differs is the same, whoever comes when", () => {
    fc.assert(fc.property(
      fc.uniqueArray(fc.nat(PARTS - 1)),
      fc.array(fc.nat(3), { maxLength: 40 }),
      fc.integer({ min: 0, max: 3 }),
      (list, turns, helpers) => {
        const differing = new Set(list);
        const { told } = compareTogether(differing, turns, helpers);
        for (const part of list) assert(!told(part));
        if (helpers === 0) {
          assertEquals(
            Array.from({ length: PARTS }, (_, part) => told(part)).filter(Boolean).length,
            PARTS - list.length,
          );
        }
      },
    ));
  });

  it("takes no answer to an earlier question", () => {
    const [first, second, other] = [new Parts(new Set()), new Parts(new Set([0, 1, 2])), new Parts(new Set())] as const;
    const readers = [first, second, other] as unknown as FileReader[];
    const memory = jointMemory(2);
    const table = new Table(...readers);
    const [owner, helper] = [new JointComparison(memory, 0, table), new JointComparison(memory, 1, table)];
    owner.call = () => {};
    const early = owner.compare(readers[0]!, readers[2]!, 0, PARTS * PART_BYTES);
    early.next();
    const late = helper.help(0);
    late.next();
    finish(early);
    const asking = owner.compare(readers[1]!, readers[2]!, 0, PARTS * PART_BYTES);
    asking.next();
    finish(late);
    const told = finish(asking)!;
    assertEquals([0, 1, 2, 3].map(told), [false, false, false, true]);
  });

  it("leaves to the one who asks what another cannot read", () => {
    const table = new Table(new Parts(new Set(), true), new Parts(new Set()));
    const memory = jointMemory(2);
    const [owner, helper] = [new JointComparison(memory, 0, table), new JointComparison(memory, 1, table)];
    owner.call = () => {};
    const asking = owner.compare(table.adopt(0), table.adopt(1), 0, PARTS * PART_BYTES);
    asking.next();
    finish(helper.help(0));
    let message = "";
    try {
      finish(asking);
    } catch (thrown) {
      message = (thrown as Error).message;
    }
    assertEquals(message, "bad descriptor");
    finish(helper.help(0));
  });

  it("asks nobody about little, about files that stay in their thread, and outside of a walk", () => {
    const table = new Table(new Parts(new Set()), new Parts(new Set()));
    const joint = new JointComparison(jointMemory(2), 0, table);
    const [one, other] = [table.adopt(0), table.adopt(1)];
    assertEquals(finish(joint.compare(one, other, 0, 99 * PART_BYTES)), undefined);
    joint.call = () => {};
    assertEquals(finish(joint.compare(one, other, 0, PART_BYTES)), undefined);
    assertEquals(
      finish(joint.compare(new Parts(new Set()) as unknown as FileReader, other, 0, 99 * PART_BYTES)),
      undefined,
    );
  });
});
