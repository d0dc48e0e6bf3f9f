/**
 * Makes ledgers; their code, and the database with it, is loaded when there is a catalog.
 *
 * @module
 */
import type { Degradation } from "../../../lib/model/capabilities.ts";
import type { Env } from "../../../lib/model/env.ts";
import type { Ledger } from "./ledger.ts";
import { type ChecksumRules, MIRROR_ALGORITHM } from "./rules.ts";

/** Makes the ledger of one thread. */
export type LedgerMaker = () => Ledger;

/**
 * Loads what ledgers are made of.
 *
 * @param rules What is done with the catalog.
 * @param env The world.
 * @returns Makes ledgers; `undefined` without a catalog. Making one throws code `"catalog-unusable"` when the catalog
 * cannot be opened.
 */
export async function loadLedger(rules: ChecksumRules | undefined, env: Env): Promise<LedgerMaker | undefined> {
  if (rules === undefined) return undefined;
  const [{ Ledger }, { openCatalog }, { createIncrementalHash }] = await Promise.all([
    import("./ledger.ts"),
    import("../../catalog/open_catalog.ts"),
    import("@std/crypto"),
  ]);
  const hash = await createIncrementalHash(MIRROR_ALGORITHM);
  return () => {
    const warnings: Degradation[] = [];
    const choice = { file: rules.file, algorithm: MIRROR_ALGORITHM };
    const catalog = openCatalog(choice, env, (warning) => warnings.push(warning));
    return new Ledger({ rules, catalog, hash, env, warnings });
  };
}
