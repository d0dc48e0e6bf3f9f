/**
 * Makes a tree of files: `make_tree.ts PATH FILES PER_DIRECTORY BYTES`. Directories are in groups of a hundred, sizes
 * spread evenly below BYTES, contents are the same at every run.
 */
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import process from "node:process";

const GROUP = 100;
/** Steps through sizes so that neighbours differ. */
const STRIDE = 37;

function contents(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = 1;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

function makeTree(root: string, files: number, perDirectory: number, bytes: number): void {
  const block = contents(bytes);
  let directory = "";
  for (let file = 0; file < files; file++) {
    const inDirectory = file % perDirectory;
    if (inDirectory === 0) {
      const number = Math.floor(file / perDirectory);
      directory = `${root}/group-${String(Math.floor(number / GROUP)).padStart(3, "0")}/directory-${number}`;
      mkdirSync(directory, { recursive: true });
    }
    const descriptor = openSync(`${directory}/file-${inDirectory}.dat`, "wx", 0o644);
    const size = bytes === 0 ? 0 : 1 + ((file * STRIDE) % bytes);
    if (size > 0) writeSync(descriptor, block, 0, size);
    closeSync(descriptor);
  }
}

const [root = "", files = "", perDirectory = "", bytes = ""] = process.argv.slice(2);
makeTree(root, Number(files), Number(perDirectory), Number(bytes));
