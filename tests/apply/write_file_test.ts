/** One file: whole, with its metadata, and never torn, however the source moves. */
import { assertEquals, assertStringIncludes, describe, it } from "../support/test_api.ts";
import { SyncError } from "../../lib/errors.ts";
import type { MemoryOperation, NodeLiteral, TreeLiteral } from "../../lib/model/memory_tree.ts";
import { type RelPath, ROOT } from "../../lib/model/rel_path.ts";
import type { Directory, FileWriter } from "../../lib/model/tree.ts";
import { entryAt, leftovers, Pair, type PairOptions, recordOperations } from "./fixture.ts";

const OLD: TreeLiteral = { "f": { file: "old", mtime: "1" } };
const LARGE = 3 << 20;
/** Content passes through reads. */
const READS: PairOptions = { destination: { capabilities: { kernelCopy: false } } };

/** A file beyond what is copied at once, with more than zeros in it. */
function large(fill: number): Uint8Array {
  return new Uint8Array(LARGE).fill(fill);
}

/** Lets the source change when it is read, in each of the first `times` attempts. */
function changing(pair: Pair, times: number, next: (turn: number) => NodeLiteral): void {
  let attempts = 0;
  let changes = 0;
  pair.destination.onOperation = (operation) => {
    if (operation === "createFile") attempts++;
  };
  pair.source.onOperation = (operation: MemoryOperation, path: string) => {
    if (operation === "read" && changes < Math.min(attempts, times)) rewrite(pair, path, next(changes++));
  };
}

/** Writes into the inode that is open, as a program would that holds the file. */
function rewrite(pair: Pair, path: string, literal: NodeLiteral): void {
  const bytes = "file" in literal && typeof literal.file === "string"
    ? new TextEncoder().encode(literal.file)
    : undefined;
  const opened = pair.source.open(ROOT).openFile(path) as unknown as { node: { content: Content } };
  opened.node.content.truncate(0);
  opened.node.content.write(bytes ?? new Uint8Array(), 0);
}

interface Content {
  truncate(size: number): void;
  write(bytes: Uint8Array, position: number): void;
}

describe("writeFile()", () => {
  it("carries content and metadata", () => {
    const literal: TreeLiteral = { "f": { file: "new", mode: 0o4751, uid: 5, gid: 6, mtime: "-1.000000001" } };
    for (const there of [{}, OLD]) {
      const pair = new Pair(literal, there);
      pair.apply(pair.change("f"));
      assertEquals([pair.destination.dump()["f"], pair.copied], [literal["f"], 3]);
    }
  });

  it("sets owner before permissions before times, and then gives the name", () => {
    const pair = new Pair({ "f": { file: "new" } }, OLD, { rules: { xattrs: { attributes: true, lists: false } } });
    const change = pair.change("f");
    const seen = recordOperations(pair);
    pair.apply(change);
    assertEquals(seen.slice(seen.indexOf("createFile ~")), [
      ...["createFile ~", "copyFrom ~", "setMetadata ~", "setXattrs ~", "setMetadata ~", "close ~", "rename f"],
    ]);
  });

  it("copies a file once more that changed while it was read", () => {
    for (const size of [3, LARGE]) {
      const pair = new Pair({ "f": { file: "x".repeat(size), mtime: "5" } }, OLD, READS);
      const change = pair.change("f");
      changing(pair, 1, () => ({ file: "changed" }));
      pair.apply(change);
      assertEquals([pair.applied, pair.failed, pair.contents], [["write-file f"], [], { "f": { file: "changed" } }]);
    }
  });

  it("gives up on a file that changed twice, and leaves the old one", () => {
    for (const size of [3, LARGE]) {
      const pair = new Pair({ "f": { file: "x".repeat(size), mtime: "5" } }, OLD, READS);
      const change = pair.change("f");
      changing(pair, 9, (turn) => ({ file: "changed".repeat(turn + 1) }));
      pair.apply(change);
      assertEquals([pair.applied, pair.failed, pair.contents], [[], ["changed-while-read f"], {
        "f": { file: "old" },
      }]);
    }
  });

  it("notices a change that keeps the size, by its time", () => {
    const pair = new Pair({ "f": { file: "one", mtime: "5" } }, OLD);
    const change = pair.change("f");
    changing(pair, 1, () => ({ file: "two" }));
    pair.source.onOperation = hookAlso(pair.source.onOperation, (operation) => {
      if (operation === "entry") pair.source.open(ROOT).setMetadata("f", { mtimeSeconds: 6 });
    });
    pair.apply(change);
    assertEquals([pair.failed, pair.contents], [[], { "f": { file: "two" } }]);
    assertEquals(entryAt(pair.destination, "f")?.mtimeSeconds, 6);
  });

  it("takes the file as it is now when it is no longer as it was listed", () => {
    const pair = new Pair({ "f": { file: "listed", mtime: "5" } }, {});
    const change = pair.change("f");
    pair.source.put("f", { file: "later", mode: 0o600, mtime: "7" });
    pair.apply(change);
    assertEquals(pair.destination.dump()["f"], { file: "later", mode: 0o600, mtime: "7" });
  });

  it("refuses what is no longer a regular file", () => {
    for (const [node, code] of [[{ link: "/etc/passwd" }, "symlink-refused"], [{ dir: {} }, "is-directory"]] as const) {
      const pair = new Pair({ "f": { file: "x" } }, OLD);
      const change = pair.change("f");
      pair.source.put("f", node);
      pair.apply(change);
      assertEquals([pair.failed, pair.contents], [[`${code} f`], { "f": { file: "old" } }]);
    }
  });

  it("writes over a destination that became a symlink without following it", () => {
    const pair = new Pair({ "f": { file: "new" } }, { ...OLD, "secret": { file: "secret" } });
    const change = pair.change("f");
    pair.destination.put("f", { link: "secret" });
    pair.apply(change);
    assertEquals(pair.contents, { "f": { file: "new" }, "secret": { file: "secret" } });
  });

  it("leaves nothing when it is stopped at a step", () => {
    const pair = new Pair({ "f": { file: large(1) } }, OLD, READS);
    const twice = { ...pair.change("f"), want: { ...pair.change("f").want, size: 9 << 20 } };
    pair.source.put("f", { file: new Uint8Array(9 << 20).fill(2) });
    const steps = pair.steps({ ...twice, op: "write-file" });
    assertEquals(steps.next().done, false);
    assertEquals(leftovers(pair.contents).length, 1);
    steps.return(false);
    assertEquals([pair.contents, pair.applied], [{ "f": { file: "old" } }, []]);
  });

  it("names the file in its errors as it may be shown", () => {
    const name = "a\u001b[31m\udcff";
    const pair = new Pair({ [name]: { file: "xyz" } }, {});
    const change = pair.change(name);
    let message = "";
    pair.context.outcome.failed = (_path, error) => void (message = error.message);
    changing(pair, 9, (turn) => ({ file: "x".repeat(turn + 5) }));
    pair.apply(change);
    assertStringIncludes(message, '"a\\x1b[31m\\xff"');
  });
});

function hookAlso(first: Pair["source"]["onOperation"], second: NonNullable<Pair["source"]["onOperation"]>) {
  let inside = false;
  return (operation: MemoryOperation, path: string) => {
    if (inside) return;
    inside = true;
    const error = first?.(operation, path) ?? second(operation, path);
    inside = false;
    return error;
  };
}

/** A pair whose destination can make files without a name, as a file system with `O_TMPFILE` does. */
class UnnamedPair extends Pair {
  /** What fails. */
  readonly failing: "close" | "name" | "unsupported" | undefined;
  #count = 0;

  constructor(source: TreeLiteral, destination: TreeLiteral, failing?: UnnamedPair["failing"], options?: PairOptions) {
    super(source, destination, options);
    this.failing = failing;
  }

  override opened(path: RelPath): Directory {
    const directory = super.opened(path);
    const names = new Map<FileWriter, string>();
    return new Proxy(directory, {
      get: (target, key) => {
        if (key === "createUnnamedFile") return (mode: number) => this.#create(directory, names, mode);
        if (key === "nameFile") {
          return (file: FileWriter, name: string) => this.#name(directory, names.get(file)!, name);
        }
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }

  #create(directory: Directory, names: Map<FileWriter, string>, mode: number): FileWriter {
    const name = `unnamed ${this.#count++}`;
    const writer = directory.createFile(name, mode);
    names.set(writer, name);
    const close = writer.close.bind(writer);
    writer.close = () => {
      close();
      if (directory.lookup(name) !== undefined) directory.removeFile(name);
      if (this.failing === "close") throw new SyncError("io", "Cannot close");
    };
    return writer;
  }

  #name(directory: Directory, unnamed: string, name: string): void {
    if (this.failing === "name") throw new SyncError("exists", "Cannot name it");
    if (this.failing === "unsupported") throw new SyncError("unsupported", "Cannot name it");
    directory.link(name, directory, unnamed);
  }
}

describe("writeFile() where files can be made without a name", () => {
  const source: TreeLiteral = { "f": { file: "new", mode: 0o640, mtime: "5" } };

  it("gives a new file its name when it is complete", () => {
    const pair = new UnnamedPair(source, {});
    pair.apply(pair.change("f"));
    assertEquals([pair.failed, pair.destination.dump()], [[], source]);
  });

  it("replaces an old file by a rename, as ever", () => {
    const pair = new UnnamedPair(source, OLD, "name");
    pair.apply(pair.change("f"));
    assertEquals([pair.failed, pair.destination.dump()], [[], source]);
  });

  it("uses temporary names from the first file on that cannot be named", () => {
    const pair = new UnnamedPair({ ...source, "g": { file: large(7) } }, {}, "unsupported");
    pair.apply(pair.change("f"), pair.change("g"));
    assertEquals([pair.failed, pair.applied, pair.context.naming], [[], ["write-file f", "write-file g"], false]);
    assertEquals([Object.keys(pair.contents), entryAt(pair.destination, "g")?.size], [["f", "g"], LARGE]);
  });

  it("leaves nothing when the name is taken meanwhile, or the file cannot be closed", () => {
    for (const [failing, code] of [["name", "exists"], ["close", "io"]] as const) {
      const pair = new UnnamedPair(source, {}, failing);
      pair.apply(pair.change("f"));
      assertEquals([pair.failed, pair.contents], [[`${code} f`], {}]);
    }
  });
});
