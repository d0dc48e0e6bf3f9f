/**
 * The generator of a pull: compares each list with the directory here, does by itself what needs no content, and asks
 * for the rest.
 *
 * A directory is planned as a whole, by the planner of local mirrors. Its own metadata is set when the last of its files
 * has come. A list is done when all of its files have, and lists are told to be done in their order.
 *
 * @module
 */
import type { ApplyContext } from "../apply/context.ts";
import { applyChanges } from "../apply/apply_changes.ts";
import { settle } from "../apply/settle.ts";
import { printable } from "../bytes/printable.ts";
import { asSyncError, atPath, atSide, SyncError } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import { Listing } from "../model/listing.ts";
import { baseName, parentPath, type RelPath, ROOT } from "../model/rel_path.ts";
import type { Steps } from "../model/steps.ts";
import type { Directory } from "../model/tree.ts";
import type { Action, WriteFile } from "../plan/action.ts";
import { DirectoryPlanner } from "../plan/plan_directory.ts";
import { listDirectory } from "../scan/list_directory.ts";
import { CHECKSUM_BYTES } from "../wire/dialect.ts";
import { isDirectory } from "../wire/file_entry.ts";
import type { FileList } from "../wire/file_lists.ts";
import { GeneratorWriter } from "../wire/generator_stream.ts";
import { BASIS, ITEM, type Item } from "../wire/item.ts";
import { NO_SUMS, sumHeadOf, usualBlockLength, usualStrongLength } from "../wire/sums.ts";
import type { Session } from "./begin.ts";
import { BlockSums } from "./block_sums.ts";
import { fillListing, type Owners, treeEntry } from "./entry_conversion.ts";
import type { BlockDigest } from "./digests.ts";
import type { PullInit } from "./pull_context.ts";
import type { DirectoryWork, FileRequest, ListWork } from "./request.ts";

/** Below this size a file is not worth the sums of its blocks. */
const LEAST_BASIS = 64;
const EXTRAS = { targets: true, xattrs: undefined };

/** Entries of one directory within a list. */
interface Group {
  readonly path: RelPath;
  readonly own: Entry | undefined;
  readonly places: number[];
}

/** See the module comment. */
export class PullGenerator {
  /** Files that were asked for, by number. */
  readonly requests: Map<number, FileRequest> = new Map();
  readonly #init: PullInit;
  readonly #context: ApplyContext;
  readonly #session: Session;
  readonly #owners: Owners;
  readonly #planner: DirectoryPlanner;
  readonly #writer: GeneratorWriter;
  readonly #sums: BlockSums;
  readonly #source = new Listing();
  readonly #destination = new Listing();
  /** Lists in their order: those that wait, are worked on, or are not done. */
  readonly #waiting: FileList[] = [];
  readonly #open: ListWork[] = [];
  /** Directories whose metadata differs, or that are new. */
  readonly #unsettled = new Set<RelPath>();
  /** Directories that would keep this process out; set when all else is done. */
  readonly #closing: (() => void)[] = [];
  #doneCount = 0;

  /**
   * Begins.
   *
   * @param init The pull.
   * @param context Where changes are carried out.
   * @param session The session.
   * @param owners Translates owners.
   * @param digest Computes strong sums of blocks.
   */
  constructor(init: PullInit, context: ApplyContext, session: Session, owners: Owners, digest: BlockDigest) {
    this.#init = init;
    this.#context = context;
    this.#session = session;
    this.#owners = owners;
    this.#planner = new DirectoryPlanner(init.plan);
    this.#writer = new GeneratorWriter(session.dialect);
    this.#sums = new BlockSums(digest);
  }

  /** How many lists were told to be done. */
  get doneCount(): number {
    return this.#doneCount;
  }

  /** Whether there is work that does not wait for the other side. */
  get hasWork(): boolean {
    return this.#waiting.length > 0;
  }

  /** Takes a list that is complete. */
  add(list: FileList): void {
    this.#waiting.push(list);
  }

  /**
   * Works on the list that has waited longest.
   *
   * @returns Steps; requests are written to the link as they are made.
   */
  *work(): Steps {
    const list = this.#waiting.shift();
    if (list === undefined) return;
    const work: ListWork = { missing: 0, isPlanned: false };
    this.#open.push(work);
    for (const group of this.#groupsOf(list)) {
      yield* this.#workOn(list, group, work);
      yield;
    }
    work.isPlanned = true;
    this.#tellDone();
  }

  /** A list of one directory is one group; a list of everything has one for each directory, in its order. */
  #groupsOf(list: FileList): Iterable<Group> {
    const groups = new Map<RelPath, Group>();
    const begin = (path: RelPath, own: Entry | undefined) => groups.set(path, { path, own, places: [] });
    const top = list.directory ?? ROOT;
    begin(top, list.own === undefined ? undefined : treeEntry(list.own, this.#owners));
    list.entries.forEach((entry, place) => {
      if (entry.path === ROOT || list.dropped.has(place)) return;
      groups.get(parentPath(entry.path))?.places.push(place);
      const isListedHere = !this.#session.isIncremental && isDirectory(entry);
      if (isListedHere) begin(entry.path, treeEntry(entry, this.#owners));
    });
    return groups.values();
  }

  *#workOn(list: FileList, group: Group, work: ListWork): Steps {
    const { path } = group;
    // Why it could not be made has been told.
    if (path !== ROOT && this.#context.isUnmade(path)) return this.#markUnmade(list, group);
    let directory: Directory | undefined;
    try {
      directory = this.#context.destination.open(path);
      yield* this.#workIn(directory, list, group, work);
    } catch (thrown) {
      const error = asSyncError(thrown);
      if (endsAll(error)) throw error;
      this.#context.failed(path, atPath(error, path));
      this.#markUnmade(list, group);
    } finally {
      directory?.close();
    }
  }

  #markUnmade(list: FileList, { places }: Group): void {
    for (const place of places) this.#context.markUnmade(list.entries[place]!.path);
  }

  *#workIn(directory: Directory, list: FileList, group: Group, work: ListWork): Steps {
    const { path, own, places } = group;
    const settleIt = () => this.#settle(path, own);
    const folder: DirectoryWork = { missing: 0, isPlanned: false, isTouched: path === ROOT, settle: settleIt };
    if (this.#unsettled.delete(path)) folder.isTouched = true;
    fillListing(this.#source, list, places, this.#owners);
    yield* listDirectory(directory, this.#destination, EXTRAS);
    const plan = yield* this.#planner.plan(path, this.#source, this.#destination, neverAsked);
    for (const problem of plan.problems) {
      this.#context.failed(problem.path, atSide(atPath(problem.error, problem.path), problem.side));
    }
    if (plan.actions.length > 0) folder.isTouched = this.#openUp(directory) || folder.isTouched;
    const files = plan.actions.filter((action) => action.op === "write-file");
    const others = plan.actions.filter((action) => action.op !== "write-file");
    for (const { name, settle: differs } of plan.children) {
      if (differs) this.#unsettled.add(joined(path, name));
    }
    const at = { source: directory, destination: directory };
    const isChanged = yield* applyChanges(this.#context, at, others as Action[], this.#init.walk);
    folder.isTouched ||= isChanged;
    yield* this.#ask(directory, list, files, folder, work);
    folder.isPlanned = true;
    this.#settleIfDone(folder);
  }

  /** A directory that its owner may not change is opened until it is settled. */
  #openUp(directory: Directory): boolean {
    const { mode } = directory.entry();
    if (this.#init.apply.privileged || (mode & OWNER_MAY_CHANGE) === OWNER_MAY_CHANGE) return false;
    directory.setMetadata(undefined, { mode: mode | OWNER_MAY_CHANGE });
    return true;
  }

  *#ask(
    directory: Directory,
    list: FileList,
    files: readonly WriteFile[],
    folder: DirectoryWork,
    work: ListWork,
  ): Steps {
    const places = new Map(files.length === 0 ? [] : namesOf(this.#source));
    for (const action of files) {
      const place = places.get(baseName(action.path));
      if (place === undefined) throw new SyncError("internal", `Cannot ask for "${printable(action.path)}"`);
      folder.missing++;
      work.missing++;
      yield* this.#request(directory, list.start + place, action, folder, work);
    }
  }

  *#request(directory: Directory, index: number, action: WriteFile, folder: DirectoryWork, work: ListWork): Steps {
    const { have } = action;
    const item = itemFor(index, action);
    const { output } = this.#session.link;
    const digestBytes = CHECKSUM_BYTES[this.#session.dialect.checksum];
    const file = have?.kind === "file" && have.size >= LEAST_BASIS
      ? openQuietly(directory, baseName(action.path))
      : undefined;
    try {
      const { size } = file?.entry() ?? { size: 0 };
      const length = usualBlockLength(size);
      const head = size === 0 ? NO_SUMS : sumHeadOf(size, length, usualStrongLength(size, length, digestBytes));
      this.requests.set(index, { item, head, action, directory: folder, list: work, isAgain: false });
      this.#writer.item(output, item, head);
      if (file !== undefined) yield* this.#sums.write(file, head, output);
    } finally {
      file?.close();
    }
  }

  /**
   * Asks once more for a file whose content was not right, as a whole.
   *
   * @param index Its number.
   * @param request How it was asked for.
   */
  askAgain(index: number, request: FileRequest): void {
    this.requests.set(index, { ...request, head: NO_SUMS, isAgain: true });
    this.#writer.item(this.#session.link.output, request.item, NO_SUMS);
  }

  /**
   * A file has come, or will not.
   *
   * @param index Its number.
   * @param isPlaced Whether it is in its place.
   */
  finished(index: number, isPlaced: boolean): void {
    const request = this.requests.get(index);
    if (request === undefined) return;
    this.requests.delete(index);
    const { directory, list } = request;
    directory.isTouched ||= isPlaced;
    directory.missing--;
    list.missing--;
    this.#settleIfDone(directory);
    this.#tellDone();
  }

  #settleIfDone(folder: DirectoryWork): void {
    if (folder.isPlanned && folder.missing === 0 && folder.isTouched) folder.settle();
  }

  #settle(path: RelPath, own: Entry | undefined): void {
    if (own === undefined) return;
    const settleNow = () => {
      let directory: Directory | undefined;
      try {
        directory = this.#context.destination.open(path);
        settle(this.#context, directory, own, directory.entry());
      } catch (thrown) {
        const error = asSyncError(thrown);
        if (endsAll(error)) throw error;
        this.#context.outcome.failed(path, atPath(error, path));
      } finally {
        directory?.close();
      }
    };
    const keepsOut = !this.#init.apply.privileged && (own.mode & OWNER_MAY_CHANGE) !== OWNER_MAY_CHANGE;
    if (keepsOut) this.#closing.push(settleNow);
    else settleNow();
  }

  /** Tells that lists are done, in their order. */
  #tellDone(): void {
    while (this.#open[0]?.isPlanned === true && this.#open[0].missing === 0) {
      this.#open.shift();
      this.#doneCount++;
      this.mark();
    }
  }

  /** Tells that something is done: a list, or a phase. */
  mark(): void {
    this.#writer.done(this.#session.link.output);
  }

  /** Sets what would have kept this process out, deepest first. */
  close(): void {
    for (const settleNow of this.#closing.splice(0).reverse()) settleNow();
  }
}

const OWNER_MAY_CHANGE = 0o700;

/** What ends the whole run. */
function endsAll({ code }: SyncError): boolean {
  return code === "no-space" || code === "internal" || code === "peer-protocol" || code === "connection";
}

/** Contents are on another machine. */
// deno-lint-ignore require-yield
function* neverAsked(name: string): Steps<boolean> {
  throw new SyncError("internal", `Cannot compare "${printable(name)}" with a file of another machine`);
}

function joined(directory: RelPath, name: string): RelPath {
  return (directory === ROOT ? name : `${directory}/${name}`) as RelPath;
}

/** Names of a listing, with the places in the list that its inodes are. */
function* namesOf(listing: Listing): Generator<[string, number]> {
  for (let at = 0; at < listing.count; at++) yield [listing.name(at), Number(listing.identity(at).split(":")[2])];
}

/** What can be told of a file that is asked for. */
function itemFor(index: number, { have, reasons }: WriteFile): Item {
  const size = reasons.includes("size") ? ITEM.size : 0;
  const time = reasons.includes("time") ? ITEM.time : 0;
  const flags = ITEM.transfer | (have === undefined ? ITEM.isNew : size | time);
  return { index, flags, basis: BASIS.destination, name: undefined, wanted: undefined, values: undefined };
}

/** An old file that cannot be read is of no use, and no failure. */
function openQuietly(directory: Directory, name: string) {
  try {
    return directory.openFile(name);
  } catch {
    return undefined;
  }
}
