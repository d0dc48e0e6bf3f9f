/** Where a tree is, from text and back. */
import fc from "fast-check";
import { SyncError } from "../../lib/errors.ts";
import { type Endpoint, formatEndpoint, parseEndpoint } from "../../lib/model/endpoint.ts";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";

const CASES: Readonly<Record<string, Endpoint>> = {
  "dist": { kind: "local", path: "dist" },
  "/srv/a:b": { kind: "local", path: "/srv/a:b" },
  "./a:b": { kind: "local", path: "./a:b" },
  "": { kind: "local", path: "" },
  "web1:/srv/site": { kind: "shell", host: "web1", path: "/srv/site" },
  "web1:": { kind: "shell", host: "web1", path: "" },
  "me@web1:a b:c": { kind: "shell", host: "web1", user: "me", path: "a b:c" },
  "[::1]:/x": { kind: "shell", host: "::1", path: "/x" },
  "me@[fe80::1%eth0]:x": { kind: "shell", host: "fe80::1%eth0", user: "me", path: "x" },
  "ssh://me@web1:2222/srv/x": { kind: "shell", host: "web1", user: "me", port: 2222, path: "/srv/x" },
  "ssh://web1/~/x": { kind: "shell", host: "web1", path: "x" },
  "web1::mod/a/b": { kind: "daemon", host: "web1", module: "mod", path: "a/b" },
  "me@web1::": { kind: "daemon", host: "web1", user: "me", module: "", path: "" },
  "rsync://web1": { kind: "daemon", host: "web1", module: "", path: "" },
  "rsync://me@[::1]:8730/mod/a\nb": {
    ...{ kind: "daemon", host: "::1", user: "me", port: 8730, module: "mod", path: "a\nb" },
  } as Endpoint,
};

describe("parseEndpoint()", () => {
  for (const [text, endpoint] of Object.entries(CASES)) {
    it(`reads ${JSON.stringify(text)}`, () => assertEquals(parseEndpoint(text), endpoint));
  }

  it("refuses what names no machine, or would be an option to a shell", () => {
    const bad = [
      ":x",
      "::x",
      "@web1:x",
      "-oProxyCommand=x:y",
      "-l@web1:x",
      "me@-x:y",
      "rsync://",
      "rsync:///m",
      "ssh://:22/x",
    ];
    for (
      const text of [...bad, "rsync://web1:0/m", "rsync://web1:65536/m", "[]:x", "a b:c", "a\nb:c", "rsync://a b/c"]
    ) {
      const error = assertThrows(() => parseEndpoint(text), SyncError);
      assertEquals([text, error.code], [text, "usage"]);
    }
  });
});

describe("formatEndpoint()", () => {
  const word = fc.stringMatching(/^[a-z0-9]([a-z0-9.-]{0,8}[a-z0-9])?$/);
  const host = fc.oneof(word, fc.constantFrom("::1", "fe80::1%eth0"));
  const path = fc.string({ unit: "binary", maxLength: 12 });
  const port = fc.integer({ min: 1, max: 65_535 });
  const optional = { requiredKeys: ["kind", "host", "path"] as ("kind" | "host" | "path")[] };
  const shell = fc.record({ kind: fc.constant("shell" as const), host, user: word, port, path }, optional);
  const daemon = fc.record({ kind: fc.constant("daemon" as const), host, user: word, port, module: word, path }, {
    requiredKeys: ["kind", "host", "module", "path"],
  });

  it("writes what is read as the same", () => {
    fc.assert(
      fc.property(fc.oneof(shell, daemon, path.map((path) => ({ kind: "local" as const, path }))), (endpoint) => {
        // A home directory cannot be left out between a port and an absolute path, and an own one may begin with ~.
        if (endpoint.kind === "shell" && endpoint.port !== undefined && endpoint.path.startsWith("/~/")) return;
        const read = parseEndpoint(formatEndpoint(endpoint));
        if (endpoint.kind === "local") {
          assertEquals([read.kind, read.path.replace(/^\.\//, "")], ["local", endpoint.path.replace(/^\.\//, "")]);
        } else assertEquals(read, endpoint);
      }),
      { numRuns: 1000 },
    );
  });
});
