/**
 * A headless Chromium, driven through its DevTools protocol: opens pages, presses and types as a person would, takes
 * pictures, and keeps what the console said.
 *
 * The browser has a profile of its own in a temporary folder and is kept from the network as far as its options go.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { findProgram } from "./programs.ts";

const OPTIONS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
  "--hide-scrollbars",
  "--remote-debugging-port=0",
];

const START_MS = 60_000;

/** How a page is looked at. */
export interface Viewport {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** What `prefers-color-scheme` says. @default {"light"} */
  readonly scheme?: "light" | "dark";
  /** Whether it is a phone. @default {false} */
  readonly phone?: boolean;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** A browser with one page. */
export class Chromium {
  /** What was said on the console, and every error. */
  readonly said: string[] = [];
  /** Every address that was asked for. */
  readonly requested: string[] = [];
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<Record<string, unknown>>>();
  #lastId = 0;

  private constructor(process: ChildProcess, folder: string, socket: WebSocket) {
    this.#process = process;
    this.#folder = folder;
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => this.#hear(JSON.parse(String(data)) as Message));
  }

  /** Starts a browser. */
  static async start(): Promise<Chromium> {
    const folder = mkdtempSync(join(tmpdir(), "undrift-chromium-"));
    const program = findProgram("chromium");
    if (program === undefined) throw new Error("Cannot start Chromium: it is not installed");
    const child = spawn(program, [...OPTIONS, `--user-data-dir=${folder}`, "about:blank"], { stdio: "ignore" });
    const port = await portOf(folder);
    const targets = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json() as {
      readonly type: string;
      readonly webSocketDebuggerUrl: string;
    }[];
    const socket = new WebSocket(targets.find(({ type }) => type === "page")!.webSocketDebuggerUrl);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", reject);
    });
    const browser = new Chromium(child, folder, socket);
    for (const domain of ["Page", "Runtime", "Log", "Network"]) await browser.#send(`${domain}.enable`);
    return browser;
  }

  /** Ends it and removes its folder. */
  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    await this.#send("Browser.close").catch(() => this.#process.kill("SIGKILL"));
    this.#socket.close();
    await ended;
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  /** Opens a file and waits until the page says that it is ready; returns how many milliseconds that took. */
  async open(path: string, viewport: Viewport): Promise<number> {
    const { width, height, scheme = "light", phone = false } = viewport;
    await this.#send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: phone });
    const features = [{ name: "prefers-color-scheme", value: scheme }];
    await this.#send("Emulation.setEmulatedMedia", { features });
    const started = performance.now();
    await this.#send("Page.navigate", { url: pathToFileURL(path).href });
    await this.until(`document.documentElement?.dataset.state === "ready"`);
    await this.frame();
    return performance.now() - started;
  }

  /** Evaluates an expression, awaits it, and returns its value. */
  async evaluate<Value>(expression: string): Promise<Value> {
    const { result, exceptionDetails } = await this.#send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    }) as { result: { value: Value }; exceptionDetails?: { text: string; exception?: { description?: string } } };
    if (exceptionDetails === undefined) return result.value;
    throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  }

  /** Waits until an expression is true. */
  async until(expression: string): Promise<void> {
    for (let left = 600; left > 0; left--) {
      if (await this.evaluate<boolean>(`Boolean(${expression})`).catch(() => false)) return;
      await sleep(20);
    }
    throw new Error(`Cannot go on: never true: ${expression}`);
  }

  /** Waits until what was changed is drawn. */
  async frame(): Promise<void> {
    await this.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
  }

  /** Clicks into the middle of the first element that a selector finds. */
  async click(selector: string): Promise<void> {
    const at = await this.evaluate<{ x: number; y: number } | null>(`(() => {
      const element = document.querySelector(${JSON.stringify(selector)});
      element?.scrollIntoView({ block: "nearest" });
      const box = element?.getBoundingClientRect();
      return box === undefined ? null : { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    })()`);
    if (at === null) throw new Error(`Cannot click: nothing is ${selector}`);
    for (const type of ["mousePressed", "mouseReleased"]) {
      await this.#send("Input.dispatchMouseEvent", { type, ...at, button: "left", clickCount: 1 });
    }
    await this.frame();
  }

  /** Types text into what has the focus. */
  async type(text: string): Promise<void> {
    await this.#send("Input.insertText", { text });
    await this.frame();
  }

  /** Presses a key, by its name in `KeyboardEvent.key`. */
  async press(key: string): Promise<void> {
    const text = key.length === 1 ? { text: key } : {};
    await this.#send("Input.dispatchKeyEvent", { type: "keyDown", key, ...text });
    await this.#send("Input.dispatchKeyEvent", { type: "keyUp", key });
    await this.frame();
  }

  /** Takes a picture of what is in sight. */
  async picture(path: string): Promise<void> {
    const { data } = await this.#send("Page.captureScreenshot", { format: "png" }) as { data: string };
    writeFileSync(path, Uint8Array.fromBase64(data));
  }

  /** Prints the page. */
  async pdf(path: string): Promise<void> {
    const { data } = await this.#send("Page.printToPDF", { printBackground: true }) as { data: string };
    writeFileSync(path, Uint8Array.fromBase64(data));
  }

  #send(method: string, params: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const id = ++this.#lastId;
    const answer = Promise.withResolvers<Record<string, unknown>>();
    this.#waiting.set(id, answer);
    this.#socket.send(JSON.stringify({ id, method, params }));
    return answer.promise;
  }

  #hear({ id, method, params, result, error }: Message): void {
    if (id !== undefined) {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(result ?? {});
      else waiting?.reject(new Error(error.message));
    } else if (
      method === "Runtime.consoleAPICalled" || method === "Runtime.exceptionThrown" || method === "Log.entryAdded"
    ) {
      this.said.push(JSON.stringify(params));
    } else if (method === "Network.requestWillBeSent") {
      this.requested.push((params as { request: { url: string } }).request.url);
    }
  }
}

/** The browser writes the port that it chose into its folder. */
async function portOf(folder: string): Promise<number> {
  const file = join(folder, "DevToolsActivePort");
  for (const started = performance.now(); performance.now() - started < START_MS;) {
    const [port = ""] = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
    if (port !== "") return Number(port);
    await sleep(50);
  }
  throw new Error("Cannot start Chromium: it does not listen");
}
