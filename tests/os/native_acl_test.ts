/** Access control lists through the C library, judged by the programs that people use. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { assertEquals, assertMatch, assertNotEquals, describe, it, requires } from "../support/test_api.ts";
import { ROOT } from "../../lib/model/rel_path.ts";
import { openNativeTree } from "../../lib/os/native_tree.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";

const LISTS = { attributes: false, lists: true };

function listOf(path: string): string {
  return execFileSync("getfacl", ["--omit-header", "--absolute-names", "--numeric", path], { encoding: "utf8" });
}

describe("NativeDirectory.setXattrs()", () => {
  it("carries access control lists when they are asked for", requires("setfacl", "getfacl"), () => {
    const folder = temporaryFolder();
    try {
      const [from, to] = [join(folder.path, "from"), join(folder.path, "to")];
      for (const path of [from, to]) {
        mkdirSync(path);
        writeFileSync(join(path, "f"), "");
      }
      execFileSync("setfacl", ["-m", "u:1234:r,g:99:rwx", join(from, "f")]);
      execFileSync("setfacl", ["-m", "u:1:x,d:u:1234:rw,d:g:77:r", from]);
      const tree = openNativeTree(folder.path);
      const root = tree.open(ROOT);
      const [source, target] = [root.openDirectory("from"), root.openDirectory("to")];
      assertEquals(source.xattrs("f", { attributes: true, lists: false }), {});
      assertEquals(Object.keys(source.xattrs(undefined, LISTS)), [
        "system.posix_acl_access",
        "system.posix_acl_default",
      ]);
      target.setXattrs("f", LISTS, source.xattrs("f", LISTS));
      target.setXattrs(undefined, LISTS, source.xattrs(undefined, LISTS));
      assertMatch(listOf(join(to, "f")), /user:1234:r--\n[^]*group:99:rwx\n/);
      assertEquals([listOf(to), listOf(join(to, "f"))], [listOf(from), listOf(join(from, "f"))]);
      target.setXattrs("f", LISTS, {});
      assertNotEquals(listOf(join(to, "f")), listOf(join(from, "f")));
      assertEquals(target.xattrs("f", LISTS), {});
      for (const each of [source, target, root, tree]) each.close();
    } finally {
      folder.remove();
    }
  });
});
