/**
 * Which entries take part, against rsync with the same rules: directly on one thread and on several, on the portable
 * layer, and as a plan that was saved, loaded and applied. Each way has an equal copy of the destination.
 */
import { loadPlan, mirror, type MirrorOptions } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import { assertEquals, describe, it, requires } from "../support/test_api.ts";
import { compareTrees, type WalkedField, walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const SOURCE = `
mkdir -p src/lib src/cache/deep docs/_build/html docs/img .git/objects node_modules/left-pad build tmp empty
for file in src/main.c src/main.o src/lib/a.c src/lib/a.o src/lib/a.so src/cache/one src/cache/deep/two docs/index.md \\
  docs/_build/html/index.html docs/img/a.png docs/img/b.png .git/config .git/objects/aa node_modules/left-pad/index.js \\
  build/out.o tmp/keep.log tmp/drop.log Makefile core 'with space' 'back~'; do
  printf '%s' "$file" > "$file"; done
ln -s main.c src/link.o; ln src/main.c src/hard.c; mkfifo tmp/fifo; truncate -s 5000 docs/img/large.png
printf -- '- *.log\\n+ cache/\\n' > tmp/.rsync-filter; printf -- '- *.o\\n- /cache/deep\\n' > src/.rsync-filter
printf '!\\n- *.c\\n' > src/lib/.rsync-filter; printf '*.png _build\\n' > docs/.cvsignore
find . -exec touch -h -d @1600000000 {} +`;

/** An older copy, with more in it than the source has, and with other kinds in some places. */
const OLDER = `
rm -r src/lib docs/img/b.png empty Makefile; printf old > src/main.c; printf old > src/main.o; printf old > tmp/drop.log
mkdir -p gone/deep gone/cache gone/other src/lib/extra src/cache/more docs/_build/extra Makefile
for file in gone/x.o gone/x.c gone/deep/y.o gone/deep/y.c gone/cache/z gone/other/w.c src/lib/extra/v.o src/lib/extra/v.c \\
  src/cache/more/u docs/_build/extra/t src/old.o src/old.c .git/local tmp/old.log top.o top.c core.1; do
  printf '%s' "$file" > "$file"; done
printf -- '- w.c\\n' > gone/other/.rsync-filter
find . -exec touch -h -d @1700000000 {} +`;

interface Case {
  readonly options: MirrorOptions;
  /** The same for rsync, beside `-aH`. */
  readonly flags: readonly string[];
  /** Files beside the trees. */
  readonly files?: Readonly<Record<string, string>>;
  /** Whether names are in the source that the portable layer cannot hold on every runtime. @default {false} */
  readonly hasByteNames?: boolean;
}

const CASES: Readonly<Record<string, Case>> = {
  "exclude": {
    options: { exclude: ["*.o", "cache/", "/tmp"] },
    flags: ["--exclude=*.o", "--exclude=cache/", "--exclude=/tmp"],
  },
  "include before exclude": {
    options: { include: ["main.o", "*/"], exclude: ["*.o", "core*"] },
    flags: ["--include=main.o", "--include=*/", "--exclude=*.o", "--exclude=core*"],
  },
  "only some": {
    options: { filter: ["+ */", "+ *.c", "- *"] },
    flags: ["-f+ */", "-f+ *.c", "-f- *"],
  },
  "the order of options": {
    options: { filter: [{ exclude: "*.o" }, "+ main.o", { include: "cache" }, "- /src/*", { exclude: "docs" }] },
    flags: ["--exclude=*.o", "-f+ main.o", "--include=cache", "-f- /src/*", "--exclude=docs"],
  },
  "sides": {
    options: { filter: ["H *.c", "P *.o", "R gone/x.o", "-s tmp/", "-r .git"] },
    flags: ["-fH *.c", "-fP *.o", "-fR gone/x.o", "-f-s tmp/", "-f-r .git"],
  },
  "classes, negation and deep patterns": {
    options: { filter: ["- *.[co]", "+ **/index.*", "-! */", "- /docs/**/html/***"] },
    flags: ["-f- *.[co]", "-f+ **/index.*", "-f-! */", "-f- /docs/**/html/***"],
  },
  "merge files": {
    options: { filter: [". rules", { excludeFrom: "patterns" }, { includeFrom: "wanted" }, "- cache"] },
    flags: ["-f. rules", "--exclude-from=patterns", "--include-from=wanted", "-f- cache"],
    files: {
      rules: "# rules\n+ main.o\n- *.o\n\nP old.c\n",
      patterns: "; patterns\n+ docs/img\n*.png\r\n/core\n",
      wanted: "src/**\n- tmp\n",
    },
  },
  "words and bare merges": {
    options: { filter: [".-w words", ".+ more", "- *.c"] },
    flags: ["-f.-w words", "-f.+ more", "-f- *.c"],
    files: { words: "*.o  cache\n tmp ", more: "/src/main.c\n" },
  },
  "names that are not UTF-8": {
    options: { filter: ["- b?d", "- \udcfe.c"] },
    flags: ["-f- b?d", "-f- \udcfe.c"],
    hasByteNames: true,
  },
  "cvs": { options: { cvsExclude: true }, flags: ["-C"] },
  "directories that are left empty": {
    options: { filter: ["- *.o", "- docs/**/", "- *.c"], pruneEmptyDirs: true },
    flags: ["-f- *.o", "-f- docs/**/", "-f- *.c", "-m"],
  },
  "files that are old already": {
    options: { exclude: ["*.o"], existing: true, sizeOnly: true },
    flags: ["--exclude=*.o", "--existing", "--size-only"],
  },
  "sizes": { options: { maxSize: "1k", minSize: 8 }, flags: ["--max-size=1k", "--min-size=8"] },
};

const DELETING: Readonly<Record<string, Case>> = {
  "old entries that are kept": {
    options: { exclude: ["*.o", "docs/img"], filter: ["P z"], backup: true },
    flags: ["-fP z", "--exclude=*.o", "--exclude=docs/img", "--backup"],
  },
  "perishable rules": { options: { filter: ["-p *.o", "P *.c"] }, flags: ["-f-p *.o", "-fP *.c"] },
  "excluded entries, too": {
    options: { exclude: ["*.o", "docs"], filter: ["P y.o", "-sr .git"], deleteExcluded: true },
    flags: ["-fP y.o", "-f-sr .git", "--exclude=*.o", "--exclude=docs", "--delete-excluded"],
  },
  "everything that is protected": { options: { filter: ["P *"] }, flags: ["-fP *"] },
  "cleared rules": { options: { filter: ["- *.o", "!", "- *.c"] }, flags: ["-f- *.o", "-f!", "-f- *.c"] },
};

/** rsync has the rule files at the receiver only after the transfer. */
const PER_DIRECTORY: Readonly<Record<string, Case>> = {
  "-F": { options: { filter: [": /.rsync-filter"] }, flags: ["-F"] },
  "inherited or not, one side, by other names": {
    options: { filter: [":n .rsync-filter", ":s- .cvsignore", "- *.log"] },
    flags: ["-f:n .rsync-filter", "-f:s- .cvsignore", "-f- *.log"],
  },
  "-C between rules": {
    options: { filter: ["+ *.png", ":C", "- *.c", "-C"] },
    flags: ["-f+ *.png", "-f:C", "-f- *.c", "-f-C"],
  },
};

/** Each way to carry out a mirror. */
const WAYS: Readonly<Record<string, (source: string, to: string, options: MirrorOptions) => Promise<unknown>>> = {
  "one thread": (source, to, options) => mirror(source, to, { ...options, jobs: 1 }).run(),
  "four threads": (source, to, options) => mirror(source, to, { ...options, jobs: 4 }).run(),
  "with totals": (source, to, options) => mirror(source, to, { ...options, jobs: 2 }).run({ totals: true }),
  "portable": (source, to, options) => mirror(source, to, { ...options, layer: "portable" }).run(),
  "saved": async (source, to, options) => {
    await (await mirror(source, to, options).plan()).save(`${to}.plan`);
    return (await loadPlan(`${to}.plan`)).apply();
  },
};

/** Deno sets times of the portable layer to the microsecond, and directories that only DST has keep no time anyway. */
const IGNORED: readonly WalkedField[] = ["time", "holes"];

function prepare(at: Workspace, { files = {}, hasByteNames = false }: Case): void {
  mustRun("bash", ["-ec", hasByteNames ? `${SOURCE}\n${BYTE_NAMES}` : SOURCE], { cwd: at.directory("source") });
  mustRun("cp", ["-a", "source", "before"], { cwd: at.path });
  mustRun("bash", ["-ec", OLDER], { cwd: at.at("before") });
  for (const [name, text] of Object.entries(files)) mustRun("tee", ["--", name], { cwd: at.path, input: text });
}

const BYTE_NAMES = `mkdir $'b\\xffd'; for file in $'b\\xffd/x.o' $'src/\\xfe.c' $'src/\\xfd.c'; do > "$file"; done`;

/** Rules name files from the folder the program runs in; ours are told where that is. */
function inWorkspace(at: Workspace, options: MirrorOptions): MirrorOptions {
  const { filter } = options;
  if (filter === undefined) return options;
  const moved = filter.map((item) => {
    if (typeof item === "string") return item.replace(/^(\.\S*) /, `$1 ${at.path}/`);
    if ("excludeFrom" in item) return { excludeFrom: at.at(item.excludeFrom) };
    return "includeFrom" in item ? { includeFrom: at.at(item.includeFrom) } : item;
  });
  return { ...options, filter: moved };
}

/** A word for bash, with the bytes of names that are not UTF-8. */
function quoted(word: string): string {
  return `$'${
    word.replace(/[\\']/g, "\\$&").replace(
      /[\udc80-\udcff]/g,
      (byte) => `\\x${byte.charCodeAt(0).toString(16).slice(2)}`,
    )
  }'`;
}

async function compare(each: Case, deleting: readonly string[]): Promise<void> {
  await withWorkspace(async (at) => {
    prepare(at, each);
    mustRun("cp", ["-a", "before", "theirs"], { cwd: at.path });
    const flags = [...each.flags, ...deleting].map(quoted).join(" ");
    mustRun("bash", ["-c", `rsync -aH --force ${flags} source/ theirs/ || [ $? = 23 ]`], { cwd: at.path });
    const theirs = walkTree(at.at("theirs"));
    const options = { ...inWorkspace(at, each.options), delete: deleting.length > 0, maxDelete: 1000 };
    for (const [name, way] of Object.entries(WAYS)) {
      if (each.hasByteNames === true && name === "portable") continue;
      mustRun("cp", ["-a", "before", name], { cwd: at.path });
      await way(at.at("source"), at.at(name), options);
      assertEquals(compareTrees(walkTree(at.at(name)), theirs, { ignore: IGNORED }), [], name);
    }
    // A directory that stays loses its own rules when they do not protect themselves, as with rsync.
    if (deleting.includes("--delete-after")) return;
    const { done } = await mirror(at.at("source"), at.at("saved"), options).run();
    assertEquals([done.created, done.updated, done.metadata, done.deleted], [0, 0, 0, 0], "again");
  });
}

describe("a filter takes the entries that rsync takes", () => {
  for (const [name, each] of Object.entries(CASES)) {
    it(`${name}`, requires("Linux", "rsync"), () => compare(each, []));
    it(`${name}, with deletions`, requires("Linux", "rsync"), () => compare(each, ["--delete"]));
  }
  for (const [name, each] of Object.entries(DELETING)) {
    it(`${name}, with deletions`, requires("Linux", "rsync"), () => compare(each, ["--delete"]));
  }
  for (const [name, each] of Object.entries(PER_DIRECTORY)) {
    it(`rules of directories: ${name}`, requires("Linux", "rsync"), () => compare(each, []));
    it(
      `rules of directories: ${name}, with deletions`,
      requires("Linux", "rsync"),
      () => compare(each, ["--delete-after"]),
    );
  }
});
