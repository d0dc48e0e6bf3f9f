/**
 * Reads the JUnit files of `deno test` and `bun test` into one form.
 *
 * They differ: Bun nests suites and leaves failures of hooks out; Deno lists suites beside the tests, under names
 * joined with " > ", and reports a suite as failed because of a test in it. What comes out is tests alone.
 */

/** What became of one test. */
export interface TestResult {
  /** Names of the suites around it and its own, joined with " > ". */
  readonly name: string;
  /** How it ended. */
  readonly outcome: "passed" | "failed" | "skipped";
  /** Message and stack of a failure, otherwise empty. */
  readonly detail: string;
}

/** Separates the names of suites and tests. */
const SEPARATOR = " > ";

const TOKEN_REGEXP = /<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>|([^<]+)/g;
const ATTRIBUTE_REGEXP = /([\w:-]+)="([^"]*)"/g;

/** Reads a JUnit file. Suites that Deno lists as tests are dropped, unless they failed on their own. */
export function parseJunit(xml: string): TestResult[] {
  return withoutSuites(new JunitReader().read(xml));
}

/** Follows the nesting of a JUnit file and gathers its test cases. */
class JunitReader {
  readonly #suites: string[] = [];
  readonly #results: TestResult[] = [];
  #name = "";
  #outcome: TestResult["outcome"] = "passed";
  #detail = "";
  #inFailure = false;

  read(xml: string): TestResult[] {
    for (const [, closing, tag, attributes = "", selfClosing, text] of xml.matchAll(TOKEN_REGEXP)) {
      if (tag === undefined) this.#text(text ?? "");
      else {
        if (closing === "") this.#open(tag, attributesOf(attributes));
        if (closing === "/" || selfClosing === "/") this.#close(tag);
      }
    }
    return this.#results;
  }

  #open(tag: string, attributes: ReadonlyMap<string, string>): void {
    if (tag === "testsuite") this.#suites.push(attributes.get("name") ?? "");
    if (tag === "testcase") {
      // the outermost suite is the file
      this.#name = [...this.#suites.slice(1), attributes.get("name") ?? ""].join(SEPARATOR);
      this.#outcome = "passed";
      this.#detail = "";
    }
    if (tag === "skipped") this.#outcome = "skipped";
    if (tag === "failure" || tag === "error") {
      this.#outcome = "failed";
      this.#detail = attributes.get("message") ?? "";
      this.#inFailure = true;
    }
  }

  #text(text: string): void {
    if (!this.#inFailure) return;
    const decoded = decodeEntities(text);
    const message = this.#detail;
    this.#detail = decoded.includes(message.replace(/^Uncaught /, "").trim()) ? decoded : `${message}\n${decoded}`;
  }

  #close(tag: string): void {
    if (tag === "testsuite") this.#suites.pop();
    if (tag === "failure" || tag === "error") this.#inFailure = false;
    if (tag === "testcase") this.#results.push({ name: this.#name, outcome: this.#outcome, detail: this.#detail });
  }
}

function withoutSuites(results: readonly TestResult[]): TestResult[] {
  return results.filter((result) => {
    const inside = results.filter((other) => other.name.startsWith(result.name + SEPARATOR));
    if (inside.length === 0) return true;
    return result.outcome === "failed" && !inside.some((other) => other.outcome === "failed");
  });
}

function attributesOf(text: string): Map<string, string> {
  return new Map([...text.matchAll(ATTRIBUTE_REGEXP)].map(([, key = "", value = ""]) => [key, decodeEntities(value)]));
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number.parseInt(decimal, 10));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    return ENTITIES[name] ?? whole;
  });
}
