/**
 * A tree seen through a lens: its listings and entries come out with other permissions and owners, everything else is
 * that of the tree behind it. So what is compared, planned, checked and set are one and the same.
 *
 * @module
 */
import { Lens, type LensRules } from "../compare/lens.ts";
import type { Capabilities } from "../model/capabilities.ts";
import type { Entry, MetadataPatch, Xattrs } from "../model/entry.ts";
import type { Listing } from "../model/listing.ts";
import type { Space } from "../model/space.ts";
import type { RelPath } from "../model/rel_path.ts";
import type { Directory, FileReader, FileUpdater, FileWriter, Tree, XattrScope } from "../model/tree.ts";

/**
 * Puts a lens before a tree.
 *
 * @param tree The tree.
 * @param rules What is seen differently; `undefined` for nothing.
 * @returns The same tree when nothing is.
 */
export function throughLens(tree: Tree, rules: LensRules | undefined): Tree {
  return rules === undefined ? tree : new MappedTree(tree, new Lens(rules));
}

/**
 * The tree behind a lens.
 *
 * @param tree A tree, with a lens or without.
 * @returns The tree itself.
 */
export function behindLens(tree: Tree): Tree {
  return tree instanceof MappedTree ? tree.behind : tree;
}

class MappedTree implements Tree {
  readonly behind: Tree;
  readonly #lens: Lens;

  constructor(behind: Tree, lens: Lens) {
    this.behind = behind;
    this.#lens = lens;
  }

  get capabilities(): Capabilities {
    return this.behind.capabilities;
  }

  open(path: RelPath): Directory {
    return new MappedDirectory(this.behind.open(path), this.#lens);
  }

  asSeen(entry: Entry): Entry {
    return this.#lens.entry(entry);
  }

  space(): Space | undefined {
    return this.behind.space();
  }

  flush(): void {
    this.behind.flush();
  }

  close(): void {
    this.behind.close();
  }
}

class MappedDirectory implements Directory {
  readonly #behind: Directory;
  readonly #lens: Lens;

  constructor(behind: Directory, lens: Lens) {
    this.#behind = behind;
    this.#lens = lens;
  }

  entry(): Entry {
    return this.#lens.entry(this.#behind.entry());
  }

  list(into: Listing): boolean {
    const from = into.count;
    const more = this.#behind.list(into);
    this.#lens.listing(into, from);
    return more;
  }

  lookup(name: string): Entry | undefined {
    const found = this.#behind.lookup(name);
    return found === undefined ? undefined : this.#lens.entry(found);
  }

  openDirectory(name: string): Directory {
    return new MappedDirectory(this.#behind.openDirectory(name), this.#lens);
  }

  /** What an open file tells is not mapped: see {@linkcode Tree.asSeen}. */
  openFile(name: string): FileReader {
    return this.#behind.openFile(name);
  }

  openToUpdate(name: string): FileUpdater | undefined {
    return this.#behind.openToUpdate(name);
  }

  identity(): string {
    return this.#behind.identity();
  }

  identityOf(name: string): string | undefined {
    return this.#behind.identityOf(name);
  }

  readLink(name: string): string {
    return this.#behind.readLink(name);
  }

  createFile(name: string, mode: number, shownAs?: string): FileWriter {
    return this.#behind.createFile(name, mode, shownAs);
  }

  createUnnamedFile(mode: number, shownAs: string): FileWriter | undefined {
    return this.#behind.createUnnamedFile(mode, shownAs);
  }

  nameFile(file: FileWriter, name: string): void {
    this.#behind.nameFile(file, name);
  }

  makeDirectory(name: string, mode: number): void {
    this.#behind.makeDirectory(name, mode);
  }

  makeSymlink(name: string, target: string): void {
    this.#behind.makeSymlink(name, target);
  }

  makeSpecial(name: string, entry: Entry): void {
    this.#behind.makeSpecial(name, entry);
  }

  link(name: string, directory: Directory, existing: string): void {
    this.#behind.link(name, directory instanceof MappedDirectory ? directory.#behind : directory, existing);
  }

  rename(from: string, to: string): void {
    this.#behind.rename(from, to);
  }

  renameNew(from: string, to: string): void {
    this.#behind.renameNew(from, to);
  }

  moveHere(name: string, directory: Directory, existing: string): void {
    this.#behind.moveHere(name, directory instanceof MappedDirectory ? directory.#behind : directory, existing);
  }

  exchange(one: string, other: string): void {
    this.#behind.exchange(one, other);
  }

  removeFile(name: string): void {
    this.#behind.removeFile(name);
  }

  removeDirectory(name: string): void {
    this.#behind.removeDirectory(name);
  }

  setMetadata(name: string | undefined, patch: MetadataPatch): void {
    this.#behind.setMetadata(name, patch);
  }

  xattrs(name: string | undefined, scope: XattrScope): Xattrs {
    return this.#behind.xattrs(name, scope);
  }

  setXattrs(name: string | undefined, scope: XattrScope, xattrs: Xattrs): void {
    this.#behind.setXattrs(name, scope, xattrs);
  }

  close(): void {
    this.#behind.close();
  }
}
