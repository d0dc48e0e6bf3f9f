import fc from "fast-check";
import { FilterRulesReader, writeFilterRules } from "../../lib/wire/filter_rules.ts";
import { readIdNames, writeIdNames } from "../../lib/wire/id_names.ts";
import { PEER_LIMITS } from "../../lib/wire/limits.ts";
import { BASIS, ITEM, readItem, writeItem } from "../../lib/wire/item.ts";
import { readDeletions, readStatistics, writeDeletions, writeStatistics } from "../../lib/wire/statistics.ts";
import { readValues, readWanted, writeValues, writeWanted } from "../../lib/wire/xattrs.ts";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";
import { plainDialect } from "./entry_arbitrary.ts";
import { breachOf, hex, inputOf, readWhole, written } from "./wire.ts";

describe("filter rules", () => {
  it("are read as they were written", () => {
    const rules = ["- *.o", ": /.rsync-filter", "-p \udcff"];
    const bytes = written((output) => writeFilterRules(output, rules));
    const read = readWhole(bytes, (input) => {
      const reader = new FilterRulesReader();
      const all: string[] = [];
      for (let rule = reader.read(input); rule !== undefined; rule = reader.read(input)) all.push(rule);
      return all;
    });
    assertEquals(read, rules);
    assertEquals(written((output) => writeFilterRules(output, [])), hex("00000000"));
  });

  it("are refused when they are too long, or hold NUL", () => {
    for (const bytes of ["01140000", "ffffffff", "0200000061 00"]) {
      breachOf(() => inputOf(hex(bytes)).attempt((input) => new FilterRulesReader().read(input)));
    }
    assertThrows(() => written((output) => writeFilterRules(output, ["x".repeat(5121)])), RangeError);
    assertThrows(() => written((output) => writeFilterRules(output, [""])), RangeError);
  });
});

describe("items", () => {
  it("are read as they were written", () => {
    const bit = (mask: number) => fc.constantFrom(0, mask);
    const flags = fc.tuple(
      bit(ITEM.basisFollows),
      bit(ITEM.nameFollows),
      bit(ITEM.xattrs),
      bit(ITEM.local),
      bit(ITEM.time),
    )
      .map((bits) => bits.reduce((all, each) => all | each, 0));
    const name = fc.uint8Array({ maxLength: 300 }).filter((bytes) => !bytes.includes(0)).map((bytes) => bytes.slice());
    const compat = fc.constantFrom(0x80, 0x90);
    fc.assert(
      fc.property(flags, fc.nat({ max: 255 }), name, compat, fc.boolean(), (said, basis, text, bits, listed) => {
        const dialect = plainDialect({ compat: bits, isListed: listed }, { xattrs: true });
        const isLink = (said & ITEM.nameFollows) !== 0 && (said & ITEM.local) !== 0;
        const hasValues = (said & ITEM.xattrs) !== 0 && !listed && !(isLink && bits === 0x80);
        const item = {
          index: 5,
          flags: said,
          basis: (said & ITEM.basisFollows) === 0 ? BASIS.destination : basis,
          name: (said & ITEM.nameFollows) === 0 ? undefined : text,
          wanted: hasValues ? [1, 4] : undefined,
          values: undefined,
        };
        const bytes = written((output) => writeItem(output, dialect, item));
        assertEquals(readWhole(bytes, (input) => readItem(input, dialect, "generator", 5)), item);
        const reply = { ...item, wanted: undefined, values: hasValues ? [{ place: 4, value: text }] : undefined };
        const sent = written((output) => writeItem(output, dialect, reply));
        assertEquals(readWhole(sent, (input) => readItem(input, dialect, "sender", 5)), reply);
      }),
    );
  });

  it("are refused with a name that holds NUL, or is too long", () => {
    for (const bytes of ["0010 01 00", "0010 90 00"]) {
      breachOf(() => inputOf(hex(bytes)).attempt((input) => readItem(input, plainDialect(), "sender", 1)));
    }
  });
});

describe("values of attributes", () => {
  it("are asked for and sent by their places", () => {
    const places = fc.uniqueArray(fc.integer({ min: 1, max: 65_536 }), { maxLength: 9 }).map((all) =>
      all.sort((a, b) => a - b)
    );
    fc.assert(fc.property(places, (wanted) => {
      assertEquals(readWhole(written((output) => writeWanted(output, wanted)), readWanted), wanted);
      const values = wanted.map((place) => ({ place, value: new Uint8Array(place % 70) }));
      assertEquals(readWhole(written((output) => writeValues(output, values)), readValues), values);
    }));
  });

  it("are refused beyond their limits", () => {
    breachOf(() => inputOf(hex("f0 ff ff ff ff 00")).attempt(readWanted));
    breachOf(() => inputOf(hex("c1 01 00 00")).attempt(readWanted));
    breachOf(() => inputOf(hex("01 f0 01 00 00 08")).attempt(readValues));
  });
});

describe("names of users and groups", () => {
  it("are read as they were written, with that of 0 at the end", () => {
    const names = [{ id: 5, name: "games" }, { id: 0xffff_fffe, name: "ü" }, { id: 0, name: "root" }];
    const withZero = plainDialect({ compat: 0x180 });
    const bytes = written((output) => writeIdNames(output, withZero, names));
    assertEquals(readWhole(bytes, (input) => readIdNames(input, withZero)), names);
    const without = plainDialect();
    const fewer = written((output) => writeIdNames(output, without, names));
    assertEquals(readWhole(fewer, (input) => readIdNames(input, without)), names.slice(0, 2));
  });

  it("are refused with control characters", () => {
    breachOf(() => inputOf(hex("05 02 61 0a 00")).attempt((input) => readIdNames(input, plainDialect())));
  });
});

describe("statistics", () => {
  it("are read as they were written", () => {
    const count = fc.nat({ max: PEER_LIMITS.deletions });
    const deletions = fc.record({ files: count, directories: count, symlinks: count, devices: count, specials: count });
    fc.assert(fc.property(deletions, (numbers) => {
      assertEquals(readWhole(written((output) => writeDeletions(output, numbers)), readDeletions), numbers);
    }));
    const size = fc.maxSafeNat();
    const statistics = fc.record({
      bytesRead: size,
      bytesWritten: size,
      totalSize: size,
      listMilliseconds: size,
      transferMilliseconds: size,
    });
    fc.assert(fc.property(statistics, (numbers) => {
      assertEquals(readWhole(written((output) => writeStatistics(output, numbers)), readStatistics), numbers);
    }));
  });

  it("are refused when they are negative, or too large", () => {
    breachOf(() => inputOf(hex("fc ff ff ff ff ff ff ff ff")).attempt(readStatistics));
    breachOf(() => inputOf(hex("f0 01 00 00 10")).attempt(readDeletions));
  });
});
