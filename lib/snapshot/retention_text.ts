/**
 * Why a snapshot is kept or removed, in words.
 *
 * @module
 */
import { formatCount } from "../bytes/quantities.ts";
import { printable } from "../bytes/printable.ts";
import { localTime } from "./calendar.ts";
import type { CountingRule, KeepReason, LetGoReason, Verdict } from "./retention.ts";

/** What a rule counts. */
const NOUNS: Readonly<Record<CountingRule, readonly [one: string, several: string]>> = {
  last: ["snapshot", "snapshots"],
  hourly: ["hour", "hours"],
  daily: ["day", "days"],
  weekly: ["week", "weeks"],
  monthly: ["month", "months"],
  yearly: ["year", "years"],
};

/**
 * The reasons of a verdict in one line.
 *
 * @param verdict What becomes of a snapshot.
 * @param timeZone The time zone of the policy.
 * @returns For example `"last of day 2026-11-24 (1 of 7)"`.
 */
export function verdictText(verdict: Verdict, timeZone: string): string {
  const texts = verdict.keep
    ? verdict.reasons.map((reason) => keepText(reason, timeZone))
    : verdict.reasons.map((reason) => letGoText(reason, timeZone));
  return texts.join("; ");
}

function keepText(reason: KeepReason, timeZone: string): string {
  switch (reason.because) {
    case "newest":
      return "the newest";
    case "newest-whole":
      return "the newest without failures";
    case "pinned":
      return "latest leads to it";
    case "future":
      return "dated after the clock";
    case "tag":
      return `has the tag "${printable(reason.tag)}"`;
    case "within":
      return `not older than ${localTime(reason.sinceMs, timeZone)}`;
    case "last":
      return `${ofCount(reason)} of the newest${amongText(reason)}`;
    default:
      return `the newest of ${periodText(reason)}${amongText(reason)} (${ofCount(reason)} ${
        NOUNS[reason.because][reason.of === 1 ? 0 : 1]
      })`;
  }
}

function letGoText(reason: LetGoReason, timeZone: string): string {
  switch (reason.because) {
    case "tag":
      return "has none of the tags";
    case "within":
      return `older than ${localTime(reason.sinceMs, timeZone)}`;
    case "last":
      return `not among the newest ${formatCount(reason.of)}`;
    default: {
      if (reason.keptBy !== undefined) return `${reason.keptBy} is the newest of ${periodText(reason)}`;
      const [one, several] = NOUNS[reason.because];
      return `${periodText(reason)} is not among the newest ${
        reason.of === 1 ? one : `${formatCount(reason.of)} ${several}`
      }`;
    }
  }
}

function amongText({ among }: { readonly among?: "whole" }): string {
  return among === undefined ? "" : " without failures";
}

function ofCount({ place, of }: { readonly place: number; readonly of: number }): string {
  return `${formatCount(place)} of ${formatCount(of)}`;
}

function periodText({ because, period }: { readonly because: CountingRule; readonly period: string }): string {
  return because === "hourly" ? period.replace("T", " ").replace(/([-+]\d\d:\d\d)$/, "h ($1)") : period;
}
