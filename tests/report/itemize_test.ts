/**
 * What rsync 3.5.0 printed with `-aHAX -i --delete` for pairs of small trees that differ in one thing each, and that
 * our line for the same change is the same. Where it is not, the reason stands beside it.
 */
import { itemize } from "../../lib/report/itemize.ts";
import type { Entry } from "../../lib/model/entry.ts";
import type { Action } from "../../lib/plan/action.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";
import { action, entry } from "./actions.ts";

const FILE = entry();
const DIRECTORY = entry("directory");
const LINK = entry("symlink", { target: "tgt" });
const LIST = { "system.posix_acl_access": "AgA=" };
const ATTRIBUTE = { "user.k": "MQ==" };

/** What changed, the line of rsync, our action. */
type Seen = readonly [change: string, line: string, action: Action];

/** A file that is found in another tree. */
function basis(found: Entry, links: boolean): Action {
  const made = action("write-file", FILE, undefined, ["missing"]);
  return { ...made, basis: { index: 0, found, links } } as Action;
}

const SAME: readonly Seen[] = [
  // found in another tree
  ["a file that --link-dest has", "hf          a", basis(FILE, true)],
  ["a file that --copy-dest has", "cf          a", basis(FILE, false)],
  ["a file that --copy-dest has with other permissions", "cf...p..... a", basis(entry("file", { mode: 0o600 }), false)],

  // made
  ["a new file", ">f+++++++++ a", action("write-file", FILE, undefined, ["missing"])],
  [
    "a new file with attributes",
    ">f+++++++++ a",
    action("write-file", entry("file", { xattrs: LIST }), undefined, ["missing"]),
  ],
  ["a new directory", "cd+++++++++ q/", action("create-directory", DIRECTORY, undefined, ["missing"], { path: "q" })],
  ["a file in it", ">f+++++++++ q/a", action("write-file", FILE, undefined, ["missing"], { path: "q/a" })],
  ["a new symlink", "cL+++++++++ l -> tgt", action("create-symlink", LINK, undefined, ["missing"], { path: "l" })],
  ["a new FIFO", "cS+++++++++ p", action("create-special", entry("fifo"), undefined, ["missing"], { path: "p" })],
  ["a new socket", "cS+++++++++ s", action("create-special", entry("socket"), undefined, ["missing"], { path: "s" })],
  [
    "a new character device",
    "cD+++++++++ n",
    action("create-special", entry("character-device"), undefined, ["missing"], { path: "n" }),
  ],
  [
    "a new block device",
    "cD+++++++++ n",
    action("create-special", entry("block-device"), undefined, ["missing"], { path: "n" }),
  ],

  // content of files
  ["another size and time", ">f.st...... a", action("write-file", FILE, FILE, ["size", "time"])],
  ["another size", ">f.s....... a", action("write-file", FILE, FILE, ["size"])],
  ["another time", ">f..t...... a", action("write-file", FILE, FILE, ["time"])],
  ["another time, with --checksum", ".f..t...... a", action("set-metadata", FILE, FILE, ["time"])],
  ["nothing, with --ignore-times", ">f......... a", action("write-file", FILE, FILE, ["forced"])],
  ["other content, with --checksum", ">fc........ a", action("write-file", FILE, FILE, ["content"])],
  ["other content and time, with --checksum", ">fc.t...... a", action("write-file", FILE, FILE, ["time", "content"])],
  ["another time and other permissions", ">f..tp..... a", action("write-file", FILE, FILE, ["time", "mode"])],
  [
    "everything",
    ">f.stpog.ax a",
    action("write-file", entry("file", { xattrs: { ...LIST, ...ATTRIBUTE } }), FILE, [
      "size",
      "time",
      "mode",
      "owner",
      "group",
      "xattrs",
    ]),
  ],

  // metadata alone
  ["other permissions", ".f...p..... a", action("set-metadata", FILE, FILE, ["mode"])],
  ["another owner", ".f....o.... a", action("set-metadata", FILE, FILE, ["owner"])],
  ["another group", ".f.....g... a", action("set-metadata", FILE, FILE, ["group"])],
  ["a new attribute", ".f........x a", action("set-metadata", entry("file", { xattrs: ATTRIBUTE }), FILE, ["xattrs"])],
  [
    "an attribute too many",
    ".f........x a",
    action("set-metadata", FILE, entry("file", { xattrs: ATTRIBUTE }), ["xattrs"]),
  ],
  [
    "another value of an attribute",
    ".f........x a",
    action("set-metadata", entry("file", { xattrs: ATTRIBUTE }), entry("file", { xattrs: { "user.k": "Mg==" } }), [
      "xattrs",
    ]),
  ],
  ["a new list", ".f.......a. a", action("set-metadata", entry("file", { xattrs: LIST }), FILE, ["xattrs"])],
  ["a list too many", ".f.......a. a", action("set-metadata", FILE, entry("file", { xattrs: LIST }), ["xattrs"])],
  [
    "a list that widens the mode",
    ".f...p...a. a",
    action("set-metadata", entry("file", { xattrs: LIST }), FILE, ["mode", "xattrs"]),
  ],
  [
    "another time of a directory",
    ".d..t...... q/",
    action("set-metadata", DIRECTORY, DIRECTORY, ["time"], { path: "q" }),
  ],
  [
    "other permissions of a directory",
    ".d...p..... q/",
    action("set-metadata", DIRECTORY, DIRECTORY, ["mode"], { path: "q" }),
  ],
  [
    "another owner and group of a directory",
    ".d....og... q/",
    action("set-metadata", DIRECTORY, DIRECTORY, ["owner", "group"], { path: "q" }),
  ],
  [
    "an attribute of a directory",
    ".d........x q/",
    action("set-metadata", entry("directory", { xattrs: ATTRIBUTE }), DIRECTORY, ["xattrs"], { path: "q" }),
  ],
  [
    "a default list of a directory",
    ".d.......a. q/",
    action("set-metadata", entry("directory", { xattrs: { "system.posix_acl_default": "AgA=" } }), DIRECTORY, [
      "xattrs",
    ], { path: "q" }),
  ],
  [
    "other permissions of the root",
    ".d...p..... ./",
    action("set-metadata", DIRECTORY, DIRECTORY, ["mode"], { path: "" }),
  ],
  ["another time of a symlink", ".L..t...... l -> tgt", action("set-metadata", LINK, LINK, ["time"], { path: "l" })],
  ["another owner of a symlink", ".L....o.... l -> tgt", action("set-metadata", LINK, LINK, ["owner"], { path: "l" })],
  [
    "another time of a FIFO",
    ".S..t...... p",
    action("set-metadata", entry("fifo"), entry("fifo"), ["time"], { path: "p" }),
  ],
  [
    "other permissions of a FIFO",
    ".S...p..... p",
    action("set-metadata", entry("fifo"), entry("fifo"), ["mode"], { path: "p" }),
  ],
  [
    "another time of a device",
    ".D..t...... n",
    action("set-metadata", entry("block-device"), entry("block-device"), ["time"], { path: "n" }),
  ],

  // symlinks and devices in place
  ["another target", "cLc........ l -> tgt", action("create-symlink", LINK, LINK, ["target"], { path: "l" })],
  [
    "another target and time",
    "cLc.t...... l -> tgt",
    action("create-symlink", LINK, LINK, ["time", "target"], { path: "l" }),
  ],
  [
    "another device number",
    "cDc........ n",
    action("create-special", entry("block-device"), entry("block-device"), ["device"], { path: "n" }),
  ],

  // another kind
  ["a file over a directory", ">f+++++++++ a", action("write-file", FILE, DIRECTORY, ["kind"])],
  ["a file over a symlink", ">f+++++++++ a", action("write-file", FILE, LINK, ["kind"])],
  ["a file over a FIFO", ">f+++++++++ a", action("write-file", FILE, entry("fifo"), ["kind"])],
  ["a directory over a file", "cd+++++++++ a/", action("create-directory", DIRECTORY, FILE, ["kind"])],
  ["a directory over a symlink", "cd+++++++++ a/", action("create-directory", DIRECTORY, LINK, ["kind"])],
  ["a symlink over a file", "cL+++++++++ a -> tgt", action("create-symlink", LINK, FILE, ["kind"])],
  ["a symlink over a directory", "cL+++++++++ a -> tgt", action("create-symlink", LINK, DIRECTORY, ["kind"])],
  ["a FIFO over a file", "cS+++++++++ a", action("create-special", entry("fifo"), FILE, ["kind"])],
  ["a device over a FIFO", "cD+++++++++ a", action("create-special", entry("block-device"), entry("fifo"), ["kind"])],

  // hard links
  ["a further name", "hf+++++++++ b => a", action("link", FILE, undefined, ["missing"], { path: "b", to: "a" })],
  [
    "a further name of a symlink",
    "hL+++++++++ b => a",
    action("link", LINK, undefined, ["missing"], { path: "b", to: "a" }),
  ],
  [
    "a further name of a FIFO",
    "hS+++++++++ b => a",
    action("link", entry("fifo"), undefined, ["missing"], { path: "b", to: "a" }),
  ],
  [
    "a name in another directory",
    "hf+++++++++ p/a => q/b",
    action("link", FILE, undefined, ["missing"], { path: "p/a", to: "q/b" }),
  ],
  ["two equal files become one", "hf          b => a", action("link", FILE, FILE, ["link"], { path: "b", to: "a" })],
  [
    "two files become one, one was longer",
    "hf.s....... b => a",
    action("link", FILE, FILE, ["link", "size"], { path: "b", to: "a" }),
  ],
  [
    "a changed file has two names",
    "hf.st...... b => a",
    action("link", FILE, FILE, ["link", "size", "time"], { path: "b", to: "a" }),
  ],
  ["two equal symlinks become one", "hL          b => a", action("link", LINK, LINK, ["link"], { path: "b", to: "a" })],

  // deletions
  ["a file is removed", "*deleting   a", action("delete", undefined, FILE, ["extraneous"])],
  [
    "a directory is removed",
    "*deleting   q/r/",
    action("delete", undefined, DIRECTORY, ["extraneous"], { path: "q/r" }),
  ],
  ["a symlink is removed", "*deleting   l", action("delete", undefined, LINK, ["extraneous"], { path: "l" })],
];

/** What changed, the line of rsync, ours, our action, and why they differ. */
type Different = readonly [change: string, rsync: string, ours: string, action: Action, why: string];

const DIFFERENT: readonly Different[] = [
  [
    "a socket over a FIFO",
    "cSc..p..... a",
    "cS+++++++++ a",
    action("create-special", entry("socket"), entry("fifo"), ["kind"]),
    "another kind is another kind; rsync counts both as specials",
  ],
  [
    "a character device over a block device of the same number",
    "",
    "cD+++++++++ n",
    action("create-special", entry("character-device"), entry("block-device"), ["kind"], { path: "n" }),
    "rsync does not see it and leaves the wrong device",
  ],
  [
    "a further name where a symlink was",
    "hf.stp..... b => a",
    "hf+++++++++ b => a",
    action("link", FILE, LINK, ["link", "kind"], { path: "b", to: "a" }),
    "nothing of a symlink can be compared with a file",
  ],
  [
    "another fraction of a second",
    "",
    ">f..t...... a",
    action("write-file", FILE, FILE, ["time"]),
    "rsync looks at whole seconds unless --modify-window=-1 is given",
  ],
  [
    "other content without times",
    ">fc.T...... a",
    ">fc........ a",
    action("write-file", FILE, FILE, ["content"]),
    "T says that the time will be that of the copy, which is what leaving times alone means",
  ],
  [
    "a name with a line end",
    ">f+++++++++ nl\\#012x",
    ">f+++++++++ nl\\nx",
    action("write-file", FILE, undefined, ["missing"], { path: "nl\nx" }),
    "names are escaped the same way in all our output",
  ],
  [
    "a name that is not UTF-8",
    ">f+++++++++ bad\\#377",
    ">f+++++++++ bad\\xff",
    action("write-file", FILE, undefined, ["missing"], { path: "bad\udcff" }),
    "as above",
  ],
  [
    "a name with a backslash",
    ">f+++++++++ bs\\y",
    ">f+++++++++ bs\\\\y",
    action("write-file", FILE, undefined, ["missing"], { path: "bs\\y" }),
    "rsync escapes it only where it would look like one of its escapes",
  ],
  [
    "a name with DEL",
    ">f+++++++++ d\x7f",
    ">f+++++++++ d\\x7f",
    action("write-file", FILE, undefined, ["missing"], { path: "d\x7f" }),
    "terminals do not show it",
  ],
  [
    "what an interrupted run left",
    "*deleting   .undrift-0123456789ab-1.tmp",
    "*deleting   .undrift-0123456789ab-1.tmp",
    action("sweep", undefined, FILE, ["leftover"], { path: ".undrift-0123456789ab-1.tmp" }),
    "the line is the same; rsync would print it with --delete alone",
  ],
];

describe("itemize()", () => {
  for (const [change, line, step] of SAME) {
    it(`gives rsync's line for: ${change}`, () => assertEquals(itemize(step), line));
  }

  for (const [change, , ours, step, why] of DIFFERENT) {
    it(`has a line of its own for: ${change} (${why})`, () => assertEquals(itemize(step), ours));
  }
});
