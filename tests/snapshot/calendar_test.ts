/** The calendar against `Intl`, which has another implementation of it, and against dates that are known. */
import fc from "fast-check";
import { isTimeZone, localTime, momentBefore, parseSpan, type Period, periodOf } from "../../lib/snapshot/calendar.ts";
import { assert, assertEquals, describe, it } from "../support/test_api.ts";

const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata"];
const moment = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2060, 0) });
const at = (text: string) => Date.parse(text);

/** Date and hour of a moment as `Intl` gives them. */
function known(ms: number, timeZone: string) {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
  });
  const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  const { year = "", month = "", day = "", hour = "" } = parts;
  return { year, month, day, hour };
}

/** The ISO week by counting: the one with the year's first Thursday is the first. */
function knownWeek({ year, month, day }: ReturnType<typeof known>): string {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  date.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
  const first = Date.UTC(date.getUTCFullYear(), 0, 1);
  const week = Math.floor((date.getTime() - first) / 86_400_000 / 7) + 1;
  return `${date.getUTCFullYear()}-W${String(week).padStart(2, "0")}`;
}

describe("periodOf()", () => {
  it("agrees with Intl in every zone", () => {
    fc.assert(fc.property(moment, fc.constantFrom(...ZONES), (ms, zone) => {
      const date = known(ms, zone);
      const { year, month, day, hour } = date;
      assertEquals(periodOf("yearly", ms, zone), year);
      assertEquals(periodOf("monthly", ms, zone), `${year}-${month}`);
      assertEquals(periodOf("daily", ms, zone), `${year}-${month}-${day}`);
      assertEquals(periodOf("hourly", ms, zone).slice(0, 13), `${year}-${month}-${day}T${hour}`);
      assertEquals(periodOf("weekly", ms, zone), knownWeek(date));
    }));
  });

  it("takes the hour that comes twice for two, and the day around it for one", () => {
    const [first, second] = [at("2026-10-25T00:30Z"), at("2026-10-25T01:30Z")];
    assertEquals([first, second].map((ms) => periodOf("hourly", ms, "Europe/Berlin")), [
      "2026-10-25T02+02:00",
      "2026-10-25T02+01:00",
    ]);
    const ends = [at("2026-10-24T22:00Z"), at("2026-10-25T22:59:59.999Z"), at("2026-10-25T23:00Z")];
    assertEquals(ends.map((ms) => periodOf("daily", ms, "Europe/Berlin")), ["2026-10-25", "2026-10-25", "2026-10-26"]);
  });

  it("knows the day that lacks an hour, and the day that a country left out", () => {
    const ends = [at("2026-03-28T23:00Z"), at("2026-03-29T21:59:59.999Z"), at("2026-03-29T22:00Z")];
    assertEquals(ends.map((ms) => periodOf("daily", ms, "Europe/Berlin")), ["2026-03-29", "2026-03-29", "2026-03-30"]);
    const apia = [at("2011-12-30T09:59Z"), at("2011-12-30T10:00Z")];
    assertEquals(apia.map((ms) => periodOf("daily", ms, "Pacific/Apia")), ["2011-12-29", "2011-12-31"]);
  });

  it("counts ISO weeks over the turn of the year, and leap days", () => {
    const weeks = ["2024-12-29", "2024-12-30", "2026-12-31", "2027-01-03", "2027-01-04", "2016-01-03"];
    assertEquals(weeks.map((date) => periodOf("weekly", at(`${date}T12:00Z`), "UTC")), [
      "2024-W52",
      "2025-W01",
      "2026-W53",
      "2026-W53",
      "2027-W01",
      "2015-W53",
    ]);
    assertEquals(periodOf("daily", at("2028-02-29T12:00Z"), "UTC"), "2028-02-29");
  });

  it("gives moments that are in order periods that are in order", () => {
    const periods: Period[] = ["daily", "weekly", "monthly", "yearly"];
    fc.assert(
      fc.property(moment, moment, fc.constantFrom(...periods), fc.constantFrom(...ZONES), (a, b, each, zone) => {
        const [early, late] = a < b ? [a, b] : [b, a];
        assert(periodOf(each, early, zone) <= periodOf(each, late, zone));
      }),
    );
  });
});

describe("momentBefore()", () => {
  const back = (from: string, text: string, zone = "UTC") =>
    new Date(momentBefore(at(from), parseSpan(text)!, zone)).toISOString();

  it("goes back on the calendar", () => {
    assertEquals(back("2028-02-29T12:00Z", "1y"), "2027-02-28T12:00:00.000Z");
    assertEquals(back("2026-03-31T12:00Z", "1mo"), "2026-02-28T12:00:00.000Z");
    assertEquals(back("2026-03-31T12:00Z", "1y2mo3w4d5h6min"), "2025-01-06T06:54:00.000Z");
  });

  it("takes a day for a day where it has 25 hours, and 24 hours for 24 hours", () => {
    assertEquals(back("2026-10-25T20:00Z", "1d", "Europe/Berlin"), "2026-10-24T19:00:00.000Z");
    assertEquals(back("2026-10-25T20:00Z", "24h", "Europe/Berlin"), "2026-10-24T20:00:00.000Z");
  });
});

describe("parseSpan()", () => {
  it("reads what is written from large to small", () => {
    const none = { years: 0, months: 0, weeks: 0, days: 0, hours: 0, minutes: 0 };
    assertEquals(parseSpan("30d"), { ...none, days: 30 });
    assertEquals(parseSpan("1y6mo"), { ...none, years: 1, months: 6 });
    assertEquals(parseSpan("2w12h30min"), { ...none, weeks: 2, hours: 12, minutes: 30 });
  });

  it("refuses what could be meant otherwise, and what is no span", () => {
    for (const text of ["", "0d", "5m", "30", "d", "1d1y", "-1d", "1.5d", " 1d", "1d ", "1D", "99999y", "P1D"]) {
      assertEquals(parseSpan(text), undefined, text);
    }
  });
});

describe("isTimeZone()", () => {
  it("knows zones and offsets, and takes nothing else for one", () => {
    for (const name of [...ZONES, "+05:30", "Etc/GMT+5"]) assertEquals(isTimeZone(name), true, name);
    for (const name of ["", "Nowhere/Land", "2026-01-01T00:00Z", "Europe/Berlin\n", "--utc", "../UTC"]) {
      assertEquals(isTimeZone(name), false, name);
    }
  });
});

describe("localTime()", () => {
  it("shows the clock of the zone", () => {
    assertEquals(localTime(at("2026-10-25T01:30:05Z"), "Europe/Berlin"), "2026-10-25 02:30:05");
  });
});
