/** The example that updates a file over HTTP, against a server of this process. */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { signature } from "undrift";
import { joined } from "../delta/engine.ts";
import { noise } from "../kernels/kernels.ts";
import { PROJECT_ROOT, runtimeExecutable } from "../support/runtimes.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { after, assertEquals, assertMatch, before, describe, it, runtimeName } from "../support/test_api.ts";

const OLD = noise(400_000, 1);
const NEW = joined([OLD.subarray(150_000), noise(20_000, 2), OLD.subarray(0, 120_000), OLD.subarray(150_000, 160_000)]);

/** Serves files, and ranges of them, and counts what it sends. */
function serve(files: Readonly<Record<string, Uint8Array>>): { readonly server: Server; sent: number } {
  const counter = {
    sent: 0,
    server: createServer((request, response) => {
      const file = files[request.url ?? ""];
      if (file === undefined) return void response.writeHead(404).end();
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
      const body = from === undefined ? file : file.subarray(Number(from), Number(to) + 1);
      response.writeHead(from === undefined ? 200 : 206, { "content-length": body.length });
      if (request.method === "HEAD") return void response.end();
      counter.sent += body.length;
      response.end(body);
    }),
  };
  return counter;
}

describe("delta_over_http.ts", () => {
  const folder = temporaryFolder();
  const file = join(folder.path, "file");
  let web: ReturnType<typeof serve>;

  before(async () => {
    const sums = joined(await Array.fromAsync(signature(NEW, { blockLength: 640 })));
    web = serve({ "/file": NEW, "/file.sig": sums });
    await new Promise<void>((resolve) => web.server.listen(0, "127.0.0.1", resolve));
  });
  after(() => {
    web.server.close();
    folder.remove();
  });

  /** Runs the example, while this process serves. */
  function run(): Promise<{ readonly code: number | null; readonly output: string }> {
    const url = `http://127.0.0.1:${(web.server.address() as AddressInfo).port}/file`;
    const permissions = ["--allow-read", "--allow-write", "--allow-sys", "--allow-net"];
    const args = [...(runtimeName === "deno" ? ["run", ...permissions] : []), "examples/delta_over_http.ts", url, file];
    const child = spawn(runtimeExecutable(runtimeName), args, { cwd: PROJECT_ROOT });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes: Uint8Array) => output += bytes);
    return new Promise((resolve) => child.on("close", (code) => resolve({ code, output })));
  }

  it("fetches what is not here, and makes the new file", async () => {
    writeFileSync(file, OLD);
    const { code, output } = await run();
    assertEquals(code, 0, output);
    assertMatch(output, /file: 400000 bytes, [23]\d{4} of them fetched\n$/);
    assertEquals(readFileSync(file).equals(NEW), true);
    assertEquals(web.sent < 60_000, true, `${web.sent} bytes were sent`);
  });

  it("fetches nothing but the signature when the file is new already", async () => {
    const { code, output } = await run();
    assertEquals(code, 0, output);
    assertMatch(output, /, 0 of them fetched\n$/);
  });
});
