/**
 * Mutated sessions: refused with the error for that, or understood as something else, but never a crash, a hang, or a
 * path that leads out. `MUTATIONS=1000000` makes the run long.
 */
import { env } from "node:process";
import { SyncError } from "../../lib/errors.ts";
import { parseRelPath } from "../../lib/model/rel_path.ts";
import type { SenderPart } from "../../lib/wire/sender_stream.ts";
import { assert, assertGreater, describe, it } from "../support/test_api.ts";
import { type Capture, readCapture, SETUPS } from "./captures.ts";
import { mutated } from "./mutated.ts";
import { demultiplex, dialectOf, replayDaemonText, replayGenerator, replayHandshake, replaySender } from "./replay.ts";

const RUNS = Number(env["MUTATIONS"] ?? 3000);

/** Runs something that may be refused; whatever else it throws is a defect. Tells whether it was refused. */
function isRefused(run: () => void): boolean {
  try {
    run();
    return false;
  } catch (error) {
    assert(error instanceof SyncError && error.code === "peer-protocol", error instanceof Error ? error.stack : "");
    return true;
  }
}

/** The parts of a session that are mutated: what each direction holds behind the handshake. */
function partsOf(capture: Capture) {
  const text = capture.isDaemon ? replayDaemonText(capture) : undefined;
  const client = capture.fromClient.subarray(text?.clientBytes.length ?? 0);
  const server = capture.fromServer.subarray(text?.serverBytes.length ?? 0);
  const hands = replayHandshake(capture, client, server);
  const clientFrames = client.subarray(hands.clientBytes.length);
  const serverFrames = server.subarray(hands.serverBytes.length);
  const isPush = capture.direction === "push";
  const sender = demultiplex(isPush ? clientFrames : serverFrames, 1 << 20).data;
  const generator = demultiplex(isPush ? serverFrames : clientFrames, 1 << 20).data;
  return { frames: [clientFrames, serverFrames], sender, generator, dialect: dialectOf(capture, hands.client) };
}

const SESSIONS = SETUPS.map(readCapture).map((capture) => ({ capture, ...partsOf(capture) }));

function checkParts(parts: readonly SenderPart[]): void {
  for (const part of parts) {
    if (part.kind !== "list") continue;
    for (const { path, size, mode } of part.sent) {
      parseRelPath(path);
      assert(size >= 0 && mode > 0 && mode < 2 ** 16);
    }
  }
}

function numbered(run: (seed: number, session: (typeof SESSIONS)[number]) => boolean): number {
  let refused = 0;
  for (let seed = 1; seed <= RUNS; seed++) if (run(seed, SESSIONS[seed % SESSIONS.length]!)) refused++;
  return refused;
}

describe("mutated streams", () => {
  const long = { timeout: 3_600_000 };

  it("of a sender are refused, or hold paths below the root", long, () => {
    const refused = numbered((seed, { capture, sender, dialect }) =>
      isRefused(() => {
        const piece = seed % 3 === 0 ? 1 << 20 : 1 + seed % 200;
        const hasRules = capture.direction === "push" && capture.hasRules;
        checkParts(replaySender(dialect, capture, mutated(sender, seed), piece, hasRules).parts);
      })
    );
    assertGreater(refused, RUNS / 4);
  });

  it("of a generator are refused, or ask for what is there", long, () => {
    const refused = numbered((seed, { capture, generator, dialect }) =>
      isRefused(() => {
        const hasRules = capture.direction === "pull";
        const piece = 1 + seed % 200;
        replayGenerator(dialect, capture.appends, (index) => index < 30, mutated(generator, seed), piece, hasRules);
      })
    );
    assertGreater(refused, RUNS / 4);
  });

  it("of frames are refused, or taken apart", long, () => {
    const refused = numbered((seed, { frames }) =>
      isRefused(() => {
        demultiplex(mutated(frames[seed % 2]!, seed), 1 + seed % 200);
      })
    );
    assertGreater(refused, RUNS / 4);
  });

  it("of a handshake and a daemon's text are refused, or understood", long, () => {
    const refused = numbered((seed, { capture }) =>
      isRefused(() => {
        const head = (bytes: Uint8Array) => mutated(bytes.subarray(0, 300), seed) as Uint8Array<ArrayBuffer>;
        const changed = { ...capture, fromClient: head(capture.fromClient), fromServer: head(capture.fromServer) };
        if (!capture.isDaemon) return void replayHandshake(changed, changed.fromClient, changed.fromServer);
        try {
          replayDaemonText(changed);
        } catch (thrown) {
          if (thrown instanceof SyncError) throw thrown; // anything else says that the text is not complete
        }
      })
    );
    assertGreater(refused, RUNS / 20);
  });
});
