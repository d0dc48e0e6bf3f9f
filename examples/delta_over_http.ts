/**
 * Brings a file up to date from a web server, and fetches only what is not here yet. Beside the file, the server has
 * its signature (`undrift signature FILE FILE.sig`), and it understands ranges, as most do.
 *
 *     deno run --allow-read --allow-write --allow-sys --allow-net examples/delta_over_http.ts URL FILE
 */
import { Buffer } from "node:buffer";
import { open, rename } from "node:fs/promises";
import process from "node:process";
import { matches, signature } from "undrift";

const [url = "", file = ""] = process.argv.slice(2);
const size = Number((await fetch(url, { method: "HEAD" })).headers.get("content-length"));
const signed = new Uint8Array(await (await fetch(`${url}.sig`)).arrayBuffer());
const blockLength = new DataView(signed.buffer).getUint32(4);

// What the old file has of the new one: the new file is the one that is signed.
const here = await Array.fromAsync(matches(signed, file));
here.sort((a, b) => a.oldStart - b.oldStart);

const old = await open(file, "r");
const fresh = await open(`${file}.part`, "w");
let fetched = 0;
let at = 0;
for (const { oldStart, newStart, length } of [...here, { oldStart: size, newStart: 0, length: 0 }]) {
  if (oldStart > at) {
    const range = await fetch(url, { headers: { range: `bytes=${at}-${oldStart - 1}` } });
    if (range.status !== 206) throw new Error(`${url}: the server sends no ranges`);
    for await (const bytes of range.body ?? []) {
      await fresh.write(bytes, 0, bytes.length, at);
      at += bytes.length;
      fetched += bytes.length;
    }
  }
  const skip = at - oldStart; // some of it may have been there twice
  for (let from = skip; from < length;) {
    const piece = new Uint8Array(Math.min(1 << 20, length - from));
    const { bytesRead } = await old.read(piece, 0, piece.length, newStart + from);
    if (bytesRead === 0) throw new Error(`${file}: it became shorter`);
    await fresh.write(piece, 0, bytesRead, at);
    from += bytesRead;
    at += bytesRead;
  }
}
await Promise.all([old.close(), fresh.close()]);

// The sums of the signature cover every byte, so they say whether all is well.
const made = await Array.fromAsync(signature(`${file}.part`, { blockLength }));
if (!Buffer.concat(made).equals(signed)) throw new Error(`${file}.part: it is not what the server has`);
await rename(`${file}.part`, file);
console.log(`${file}: ${size} bytes, ${fetched} of them fetched`);
