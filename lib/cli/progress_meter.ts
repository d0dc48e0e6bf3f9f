/**
 * Progress on stderr: a line that is drawn over and over on a terminal, a plain line now and then elsewhere.
 *
 * @module
 */
import type { Progress } from "../model/event.ts";
import { plainProgressLine, progressLine } from "../progress/line.ts";
import { advance, type ProgressState, startProgress } from "../progress/state.ts";
import type { Io } from "./io.ts";

/** How often a log gets a line. */
const PLAIN_EVERY_MS = 10_000;
/** Back to the first column, and clear what follows. */
const CLEAR = "\r\x1b[K";

/** Where progress is shown. */
export interface Meter {
  /** Takes new counts. */
  update(progress: Progress): void;
  /** Makes room for another line; the next update draws again. */
  clear(): void;
}

/** Shows nothing. */
export const NO_METER: Meter = { update: () => {}, clear: () => {} };

/**
 * Makes a meter for a stream.
 *
 * @param io The process.
 * @returns An animated line on a terminal that can redraw one, otherwise a line every ten seconds.
 */
export function progressMeter(io: Io): Meter {
  const canRedraw = io.stderr.isTerminal && (io.env("TERM") ?? "") !== "dumb";
  return canRedraw ? animated(io) : plain(io);
}

function animated(io: Io): Meter {
  let state: ProgressState = startProgress(io.now());
  let drawn = false;
  return {
    update(progress) {
      state = advance(state, progress, io.now());
      io.stderr.write(`\r${progressLine(state, io.stderr.columns)}\x1b[K`);
      drawn = true;
    },
    clear() {
      if (drawn) io.stderr.write(CLEAR);
      drawn = false;
    },
  };
}

function plain(io: Io): Meter {
  let state: ProgressState = startProgress(io.now());
  let next = io.now() + PLAIN_EVERY_MS;
  return {
    update(progress) {
      state = advance(state, progress, io.now());
      if (io.now() < next) return;
      next = io.now() + PLAIN_EVERY_MS;
      io.stderr.write(`${plainProgressLine(state)}\n`);
    },
    clear: () => {},
  };
}
