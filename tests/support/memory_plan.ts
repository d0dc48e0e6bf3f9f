/** Plans of trees in memory: made by a survey, and carried out batch by batch, on one thread. */
import type { SyncError } from "../../lib/errors.ts";
import type { MemoryTree } from "../../lib/model/memory_tree.ts";
import { parentPath, type RelPath, ROOT } from "../../lib/model/rel_path.ts";
import { finish } from "../../lib/model/steps.ts";
import type { Action, Delete } from "../../lib/plan/action.ts";
import { batchesOf } from "../../lib/plan/batches.ts";
import { planHardLinks } from "../../lib/plan/hard_links.ts";
import { findMoves, type MoveRewriter } from "../../lib/plan/moves.ts";
import { compareActions } from "../../lib/plan/order.ts";
import { Frontier, frontierMemory } from "../../lib/scan/frontier.ts";
import { TreeMoveWorld } from "../../tasks/mirror/plan/move_world.ts";
import { resolveOptions } from "../../tasks/mirror/options/options.ts";
import { type MirrorRules, mirrorRules } from "../../tasks/mirror/rules.ts";
import { VISIT } from "../../tasks/mirror/threads/passes.ts";
import { Visitor } from "../../tasks/mirror/visit/visit.ts";

/** A pair of trees that are mirrored with deletions. */
export class MemoryPair {
  /** What failed. */
  readonly failed: string[] = [];
  readonly #source: MemoryTree;
  readonly #destination: MemoryTree;
  readonly #rules: MirrorRules;
  readonly #visitor: Visitor;
  readonly #planned: Action[] = [];

  /** Prepares to plan. */
  constructor(source: MemoryTree, destination: MemoryTree) {
    this.#source = source;
    this.#destination = destination;
    const options = resolveOptions({ delete: true, allowEmptySource: true }, 1);
    this.#rules = mirrorRules(options, source.capabilities, destination.capabilities);
    const listener = {
      applied() {},
      failed: (path: RelPath, { code }: SyncError) => void this.failed.push(`${code} ${path}`),
      copied() {},
      leftBehind() {},
      looked() {},
      planned: (action: Action) => void this.#planned.push(action),
      approveDeletion() {},
      isSourceUnread: () => false,
    };
    this.#visitor = new Visitor({
      ...{ source, destination, store: undefined, rules: this.#rules, listener, runId: "0123456789ab" },
      keepActions: true,
    });
  }

  /** The plan; the roots are alike but for their times. */
  plan(): Action[] {
    const frontier = new Frontier(frontierMemory());
    frontier.push(ROOT, 0);
    for (let next = frontier.take(); next !== undefined; next = frontier.take()) {
      finish(this.#visitor.visit("survey", next, frontier));
    }
    const links = planHardLinks(this.#visitor.takeFindings().linked);
    return [...this.#planned.splice(0), ...links].sort(compareActions);
  }

  /** The same with moves. */
  withMoves(actions: readonly Action[], trusted = false): { moves: MoveRewriter; rewritten: Action[] } {
    const world = new TreeMoveWorld(this.#source, this.#destination, this.#rules.xattrs);
    const moves = finish(findMoves({ actions, rules: this.#rules.plan, trusted, world }));
    const rewritten = actions.map((action) => moves.rewrite(action)).filter((action) => action !== undefined);
    return { moves, rewritten: rewritten.sort(compareActions) };
  }

  /** Carries a plan out. */
  apply(actions: readonly Action[]): void {
    const changes = actions.filter(({ op }) => op !== "link" && op !== "delete");
    for (const [path, batch] of batchesOf(changes)) finish(this.#visitor.applyIn(path, batch));
    for (const action of changes) {
      if (action.op === "move") finish(this.#visitor.removeIn(parentPath(action.from), [], true));
    }
    const links = actions.filter(({ op }) => op === "link");
    for (const [path, batch] of batchesOf(links)) finish(this.#visitor.applyIn(path, batch));
    const removals = actions.filter((action): action is Delete => action.op === "delete");
    for (const [path, batch] of batchesOf(removals)) finish(this.#visitor.removeIn(path, batch));
    const aside = new Set(this.#visitor.takeFindings().deletions);
    for (const path of aside) {
      finish(this.#visitor.visit("sweep", { path, flags: VISIT.flat }, new Frontier(frontierMemory())));
    }
    finish(this.#visitor.removeIn(ROOT, [], true));
  }
}
