/**
 * The options that let the source be seen with other permissions and owners.
 *
 * @module
 */
import { parseChmod } from "../../../lib/compare/chmod.ts";
import type { LensRules } from "../../../lib/compare/lens.ts";
import { type Accounts, type IdRule, parseOwnerMap, resolveOwnerMap } from "../../../lib/compare/owner_map.ts";
import { printable } from "../../../lib/bytes/printable.ts";
import { SyncError } from "../../../lib/errors.ts";
import type { Capabilities, Degradation } from "../../../lib/model/capabilities.ts";
import { processUmask, SystemAccounts } from "../../../lib/os/accounts.ts";
import { clash } from "../options/clashes.ts";

/** The options that this is about, complete: what a text says nothing of is empty. */
export interface LensOptions {
  /** Changes of permissions. */
  readonly chmod: string;
  /** Owner and group of everything. */
  readonly chown: string;
  /** Owners that are replaced. */
  readonly usermap: string;
  /** Groups that are replaced. */
  readonly groupmap: string;
  /** Whether names match no owner. */
  readonly numericIds: boolean;
  /** Whether owners are carried. */
  readonly owner: boolean;
  /** Whether groups are carried. */
  readonly group: boolean;
}

/**
 * Checks what can be checked without looking names up.
 *
 * @param options Complete options.
 * @throws {RangeError} when a text is not understood, or two options make no sense together.
 */
export function checkLens(options: LensOptions): void {
  const { chmod, chown, usermap, groupmap } = options;
  if (chmod !== "") parseChmod(chmod, 0);
  const { user, group } = ownersOf(chown);
  if (usermap !== "") parseOwnerMap("usermap", usermap);
  if (groupmap !== "") parseOwnerMap("groupmap", groupmap);
  if (user !== "" && usermap !== "") throw clash("chown", "usermap", "both say who the owner is");
  if (group !== "" && groupmap !== "") throw clash("chown", "groupmap", "both say what the group is");
  const [byUser, byGroup] = [user === "" ? "usermap" : "chown", group === "" ? "groupmap" : "chown"];
  if ((user !== "" || usermap !== "") && !options.owner) throw clash(byUser, "no-owner", "owners are left alone");
  if ((group !== "" || groupmap !== "") && !options.group) throw clash(byGroup, "no-group", "groups are left alone");
}

/** `USER`, `USER:GROUP` or `:GROUP`. */
function ownersOf(chown: string): { user: string; group: string } {
  const [user = "", group = "", ...more] = chown.split(":");
  const isWrong = more.length > 0 || (chown !== "" && user === "" && group === "") || /[,*?[]/.test(chown);
  if (isWrong) throw new RangeError(`Cannot use chown ${JSON.stringify(chown)}: it must be USER, USER:GROUP or :GROUP`);
  return { user, group };
}

/**
 * What is seen differently in the source.
 *
 * @param options Complete options, checked.
 * @returns The rules, or `undefined` when the source is taken as it is.
 * @throws {SyncError} code `"usage"` when a name is not known.
 */
export function lensOf(options: LensOptions): LensRules | undefined {
  const { chmod, chown, numericIds } = options;
  const { user, group } = ownersOf(chown);
  const usermap = user === "" ? options.usermap : `*:${user}`;
  const groupmap = group === "" ? options.groupmap : `*:${group}`;
  if (chmod === "" && usermap === "" && groupmap === "") return undefined;
  return {
    modes: chmod === "" ? [] : parseChmod(chmod, processUmask()),
    users: ownerRules("user", user === "" ? "usermap" : "chown", usermap, numericIds),
    groups: ownerRules("group", group === "" ? "groupmap" : "chown", groupmap, numericIds),
  };
}

function ownerRules(kind: "user" | "group", option: string, map: string, numericIds: boolean): IdRule[] {
  if (map === "") return [];
  const accounts: Accounts = new SystemAccounts(kind);
  const rules = resolveOwnerMap(parseOwnerMap(option, map), accounts, numericIds);
  if (Array.isArray(rules)) return rules;
  throw new SyncError("usage", `Cannot use --${option}: there is no ${kind} "${printable(rules.unknown)}"`, {
    hint: "use its number",
  });
}

/**
 * What of the rules cannot be kept.
 *
 * @param lens The rules.
 * @param destination What the destination can hold.
 * @returns One item each for owners and groups.
 */
export function lensWarnings(lens: LensRules | undefined, destination: Capabilities): Degradation[] {
  if (lens === undefined || destination.privileged) return [];
  const found: Degradation[] = [];
  if (lens.users.length > 0) {
    found.push({ name: "owners-not-mapped", message: "Owners are not mapped: setting them needs privileges" });
  }
  if (lens.groups.some(({ to }) => !destination.groups.includes(to))) {
    found.push({
      name: "groups-not-mapped",
      message: "Groups that this process is no member of are not set: that needs privileges",
    });
  }
  return found;
}
