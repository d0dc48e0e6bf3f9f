/**
 * Trees with every kind of entry that a mirror carries, made by a shell: what an ordinary user can make, what only root
 * can, extended attributes with access control lists, and paths that are longer than any call takes.
 */
import { createServer } from "node:net";
import { linkSync, rmSync } from "node:fs";
import { join } from "node:path";
import { mustRun } from "./commands.ts";

/** Contents: none, some, around the sizes at which copying changes its way, and with holes. */
const FILES = `
mkdir files; cd files
> empty; printf x > one; printf 'hello\\n' > small
yes 0123456789abcdef | head -c 1048576 > mebibyte
yes 'another line' | head -c 131072 > at-clone; yes 'one more' | head -c 262145 > past-kernel-copy
truncate -s 3M only-hole
yes data | head -c 200000 > hole-behind; truncate -s 2M hole-behind
truncate -s 1M hole-before; yes data | head -c 70000 >> hole-before
truncate -s 8M islands; printf x | dd of=islands bs=1 seek=4194304 conv=notrunc status=none
printf y | dd of=islands bs=1 seek=6000001 conv=notrunc status=none
cd ..`;

const MODES = `
mkdir modes; cd modes
for mode in 0400 0444 0600 0640 0777 4755 2755 6711 1644; do printf "$mode" > "file-$mode"; chmod "$mode" "file-$mode"; done
for mode in 0700 0555 1777 2775 0500; do mkdir "dir-$mode"; printf x > "dir-$mode/inside"; chmod "$mode" "dir-$mode"; done
cd ..`;

/** Entries that only their owner's lack of rights protects: not for a test without privileges. */
const CLOSED_MODES = `
for mode in 0000 0200 0111; do printf x > "modes/closed-$mode"; chmod "$mode" "modes/closed-$mode"; done
for mode in 0000 0300 0111; do mkdir "modes/dir-$mode"; > "modes/dir-$mode/inside"; chmod "$mode" "modes/dir-$mode"; done`;

/** Names that are UTF-8, and names that are not. */
const NAMES = `
mkdir names; cd names
long=$(printf 'n%.0s' {1..255}); printf x > "$long"; wide=$(printf 'é%.0s' {1..127}); printf x > "$wide"
for name in ' ' '  two  ' '-rf' '--' '*' '?' '[a]' '\\' 'a\\nb' "'" '"' '$HOME' '~' '#' '%00' '...' '..x' '.hidden' 'ünï' '日本語' \\
  $'emoji-\\U1F600' $'bidi-\\u202e' $'e\\u0301' $'\\u00e9' $'\\ufeffbom' 'CON' 'a:b' '.undrift' '.undrift-x.tmp' 'core'; do
  printf '%s' "$name" > "./$name"; mkdir "./$name.d"; printf x > "./$name.d/$name"; done
cd ..`;

const BYTE_NAMES = `
mkdir bytes; cd bytes
for name in $'new\\nline' $'\\n' $'tab\\t' $'\\x01\\x1b[31m' $'\\xff' $'\\xfe\\xff' $'a\\x80b' $'\\xed\\xa0\\x80' $'\\xc3' $'\\xe2\\x82' \\
  $'\\xf4\\x90\\x80\\x80' $'caf\\xe9'; do printf '%s' "$name" > "./$name"; mkdir "./$name.d"; printf x > "./$name.d/$name"; done
long=$(printf '\\xff%.0s' {1..255}); printf x > "$long"
ln -s $'to\\xff\\nbytes' link
cd ..`;

const SYMLINKS = `
mkdir symlinks; cd symlinks; mkdir target; > target/inside
ln -s nowhere dangling; ln -s / absolute; ln -s /etc/passwd outside; ln -s target to-directory; ln -s ../.. up; ln -s . self
ln -s loop loop; ln -s "$(printf 'x/%.0s' {1..2000})" long; ln -s 'with space' 'with space'; ln -s $'new\\nline' newline
cd ..`;

const LINKS = `
mkdir links links/a links/b; cd links
printf shared > a/one; ln a/one a/two; ln a/one b/three; ln a/one zero
printf pair > b/x; ln b/x b/y
ln -s somewhere b/link; ln b/link a/link
> a/empty; ln a/empty empty
yes big | head -c 300000 > z; ln z a/z
cd ..`;

const SPECIALS = `
mkdir specials; mkfifo -m 640 specials/fifo; mkfifo specials/fifo2; ln specials/fifo2 specials/fifo3`;

/** Nanoseconds, before 1970, at the ends of 32 bits, in the year 2200; on files, directories and symlinks. */
const TIMES = `
mkdir times; cd times
for time in 0 1 1700000000.123456789 999999999.999999999 -1 -1.500000001 -2147483648 2147483648 4294967296 7258118400.000000001; do
  > "file$time"; mkdir "dir$time"; ln -s x "link$time"; touch -h -d "@$time" "file$time" "link$time" "dir$time"; done
mkdir below; > below/x; touch -d @1234567890.987654321 below
cd ..; touch -d @1600000000.6 times`;

const OWNERS = `
mkdir owners; cd owners
for owner in 0:1 1234:0 1234:5678 70000:70001 4000000000:4000000001; do
  > "file-$owner"; mkdir "dir-$owner"; > "dir-$owner/inside"; ln -s x "link-$owner"; chown -h "$owner" "file-$owner" "link-$owner" "dir-$owner"
  printf x > "setuid-$owner"; chown "$owner" "setuid-$owner"; chmod 6755 "setuid-$owner"; done
chown -R 12:34 dir-1234:0
mkfifo fifo; chown 5:6 fifo
cd ..`;

const DEVICES = `
cd specials; mknod -m 600 null c 1 3; mknod block b 7 200; mknod large c 300 70000; mknod none b 0 0
mknod again c 5 1; ln again again2; chown 3:4 null; cd ..`;

const XATTRS = `
mkdir xattrs; cd xattrs; > file; mkdir directory
setfattr -n user.text -v value file; setfattr -n user.empty file; setfattr -n user.binary -v 0x00ff0a5c file
setfattr -n user.large -v "$(printf 'v%.0s' {1..3000})" directory; setfattr -n 'user.odd name' -v x file
cp -a file read-only; chmod 444 read-only; cp -a file linked; ln linked linked2
cd ..`;

const ROOT_XATTRS = `
cd xattrs; setfattr -n trusted.mark -v kept file; ln -s nowhere link; setfattr -h -n trusted.on-link -v kept link; cd ..`;

const ACLS = `
mkdir acls; cd acls; > file; mkdir directory default; > directory/inside
setfacl -m u:1234:r,g:5678:rwx file; setfacl -m u:1234:rx directory; setfacl -m d:u:1234:rwx,d:g:77:r,d:o::- default
setfacl -m u:1:x,d:u:2:w directory; > setuid; chmod 4755 setuid; setfacl -m u:5:rwx,m::x setuid
> default/inherits; mkdir default/below
cd ..`;

/** Parts of the tree. */
const PARTS = {
  ordinary: FILES + MODES + NAMES + SYMLINKS + LINKS,
  bytes: BYTE_NAMES,
  specials: SPECIALS,
  times: TIMES,
  closed: CLOSED_MODES,
  owners: OWNERS,
  devices: DEVICES,
  xattrs: XATTRS,
  acls: ACLS,
  rootXattrs: ROOT_XATTRS,
} as const;

/** Name of a part; they build on each other in this order. `owners`, `devices` and `rootXattrs` take privileges. */
export type Part = keyof typeof PARTS;

/** The script that makes some parts; every directory gets a time of its own at the end. */
export function fullTreeScript(parts: readonly Part[]): string {
  const fixed = parts.includes("times") ? "-path ./times -prune -o" : "";
  return `umask 022\n${parts.map((part) => PARTS[part]).join("\n")}
find . ${fixed} -exec touch -h -d @1650000000.000000007 {} +
find . ${fixed} -type d -newermt 2000-01-01 -exec touch -d @1550000000.5 {} +`;
}

/** Makes parts of the tree below a directory, which exists. */
export function makeFullTree(root: string, parts: readonly Part[]): void {
  mustRun("bash", ["-ec", fullTreeScript(parts)], { cwd: root });
}

/** Makes a socket; the program that would listen is gone. */
export async function makeSocket(root: string, name: string): Promise<void> {
  const bound = join(root, ".s");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(bound, resolve));
  linkSync(bound, join(root, name));
  await new Promise((resolve) => server.close(resolve));
  rmSync(bound, { force: true });
  mustRun("touch", ["-d", "@1440000000.000000004", join(root, name), join(root, name, "..")]);
}

/** Makes a file, a symlink and a hard link below a path of 5000 bytes; directories on the way get times of their own. */
export function makeDeepTree(root: string): void {
  const level = "d".repeat(199);
  const half = Array.from({ length: 12 }, () => level).join("/");
  mustRun("mkdir", ["-p", `${half}/${half}`], { cwd: root });
  const script = "printf deep > file; ln file again; ln -s file link; mkfifo fifo; touch -d @1.5 file .";
  mustRun("env", ["-C", half, "env", "-C", half, "sh", "-ec", script], { cwd: root });
  mustRun("find", [".", "-type", "d", "-execdir", "touch", "-d", "@1000000000.25", "{}", "+"], { cwd: root });
}
