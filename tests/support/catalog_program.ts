/**
 * A program that fills a catalog: `catalog_program.ts '{"file": …, "writer": 3, "files": 1000}'`. Each file's checksum is
 * decided by its number, so that whoever reads it can tell whether a row is right. It says `start` when it begins.
 */
import { checksumOf, NOW_MS, openCatalog, path, stampOf } from "../catalog/fixture.ts";

/** What the program is to do. */
export interface CatalogOrder {
  /** The catalog. */
  readonly file: string;
  /** Its number among several; it decides the directory. */
  readonly writer: number;
  /** How many files it records. */
  readonly files: number;
}

function fill({ file, writer, files }: CatalogOrder): string[] {
  const warnings: { readonly name: string; readonly message: string }[] = [];
  const catalog = openCatalog(file, warnings);
  console.log("start");
  for (let count = 0; count < files; count++) {
    const reading = { stamp: stampOf(count), checksum: checksumOf(count) };
    catalog.record("/tree", path(`d${writer}/${count >> 10}`), `f${count}`, reading, NOW_MS);
  }
  catalog.close();
  return warnings.map(({ message }) => message);
}

if (import.meta.main) {
  const { argv } = await import("node:process");
  console.log(JSON.stringify(fill(JSON.parse(argv[2] ?? "") as CatalogOrder)));
}
