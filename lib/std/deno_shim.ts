/**
 * Gives Bun the `Deno` namespace that `@std/fs` calls.
 *
 * Imported for its effect, before the modules of `@std/fs`, one of which reads `Deno.errors` while it loads. A
 * top-level `await import()` would be too late for that: modules beside an asynchronous one do not wait for it.
 * A static import would be too dear: it costs Deno, which needs no shim, 30 ms of its start-up.
 *
 * From here on `"Deno" in globalThis` is true on Bun as well, so code that asks for the runtime asks for `Bun` first.
 */
import type { Deno as DenoShim } from "@deno/shim-deno";

declare const require: (specifier: "@deno/shim-deno") => { Deno: typeof DenoShim };

if (!("Deno" in globalThis)) {
  const { Deno } = require("@deno/shim-deno");
  Object.defineProperty(globalThis, "Deno", { value: Deno, configurable: true, writable: true });
}
