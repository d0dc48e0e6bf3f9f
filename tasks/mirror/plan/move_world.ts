/**
 * What moves are judged by, asked of two trees: see `lib/plan/moves.ts`.
 *
 * @module
 */
import { asSyncError } from "../../../lib/errors.ts";
import type { Entry } from "../../../lib/model/entry.ts";
import { Listing } from "../../../lib/model/listing.ts";
import { baseName, parentPath, type RelPath } from "../../../lib/model/rel_path.ts";
import type { Steps } from "../../../lib/model/steps.ts";
import type { Directory, Tree, XattrScope } from "../../../lib/model/tree.ts";
import type { MoveWorld } from "../../../lib/plan/moves.ts";
import { openIfThere } from "../../../lib/scan/open_if_there.ts";
import { sameContent } from "../visit/same_content.ts";

/** Two trees, as moves see them. */
export class TreeMoveWorld implements MoveWorld {
  readonly #source: Tree;
  readonly #destination: Tree;
  readonly #xattrs: XattrScope | undefined;
  #listed: RelPath | undefined;
  #tied = new Set<string>();

  /** Looks at two trees; `xattrs` tells which attributes belong to an entry. */
  constructor(source: Tree, destination: Tree, xattrs: XattrScope | undefined) {
    this.#source = source;
    this.#destination = destination;
    this.#xattrs = xattrs;
  }

  whole(old: RelPath, have: Entry): Entry {
    const wantsTarget = have.kind === "symlink" && have.target === undefined;
    if (!wantsTarget && this.#xattrs === undefined) return have;
    return within(this.#destination, parentPath(old), (directory) => ({
      ...have,
      ...(wantsTarget ? { target: directory.readLink(baseName(old)) } : {}),
      ...(this.#xattrs === undefined ? {} : { xattrs: directory.xattrs(baseName(old), this.#xattrs) }),
    }), have);
  }

  isTied(old: RelPath): boolean {
    const parent = parentPath(old);
    if (this.#listed !== parent) {
      this.#tied = within(this.#destination, parent, namesOfTied, new Set());
      this.#listed = parent;
    }
    return this.#tied.has(baseName(old));
  }

  sourceHas(path: RelPath): boolean {
    return within(this.#source, parentPath(path), (directory) => directory.lookup(baseName(path)) !== undefined, false);
  }

  *sameContent(path: RelPath, old: RelPath): Steps<boolean> {
    const mine = openIfThere(this.#source, parentPath(path));
    const theirs = openIfThere(this.#destination, parentPath(old));
    try {
      if (mine === undefined || theirs === undefined) return false;
      return yield* sameContent(mine, theirs, baseName(path), baseName(old));
    } catch (thrown) {
      // What cannot be compared is copied, and fails then if it has to.
      if (asSyncError(thrown).code === "internal") throw thrown;
      return false;
    } finally {
      mine?.close();
      theirs?.close();
    }
  }
}

function namesOfTied(directory: Directory): Set<string> {
  const listing = new Listing();
  listing.clear();
  while (directory.list(listing));
  const tied = new Set<string>();
  for (let index = 0; index < listing.count; index++) {
    if (!listing.isDirectory(index) && listing.links(index) > 1) tied.add(listing.name(index));
  }
  return tied;
}

/** Asks an open directory; one that is gone has nothing to say. */
function within<Answer>(tree: Tree, path: RelPath, ask: (directory: Directory) => Answer, otherwise: Answer): Answer {
  const directory = openIfThere(tree, path);
  try {
    return directory === undefined ? otherwise : ask(directory);
  } catch (thrown) {
    if (asSyncError(thrown).code !== "vanished") throw thrown;
    return otherwise;
  } finally {
    directory?.close();
  }
}
