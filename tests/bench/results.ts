/**
 * What a benchmark measures, and what is made of it: samples of runs, medians, ratios of runs of the same round, rows
 * with their targets. Runs of one round follow each other directly, so what disturbs the machine disturbs all of them;
 * that is why ratios are taken within a round, and their median is told.
 */

/** Ways to run Undrift. */
export const FORMS = ["binary", "bun", "deno"] as const;

/** One of them. */
export type Form = (typeof FORMS)[number];

/** What Undrift is compared with; `no filter` is itself without rules. */
export const RIVALS = [
  "rsync",
  "cp",
  "rm",
  "rdiff",
  "empty program",
  "no filter",
  "rsync -anc",
  "sha256sum",
  "first manifest",
  "memory read",
] as const;

/** One of them. */
export type Rival = (typeof RIVALS)[number];

/** Whatever takes part in a round. */
export type Runner = Form | Rival;

/** One run. */
export interface Sample {
  /** Time from start to end. */
  readonly wallMs: number;
  /** Processor time, of all threads and children. */
  readonly cpuMs: number;
  /** Largest memory of the largest process. */
  readonly peakMb: number;
}

/** The runs of one case, by who ran, in the order of the rounds. */
export type Samples = Partial<Record<Runner, readonly Sample[]>>;

/** What is looked at. */
export type Metric = "wall" | "peak";

/** A limit that a result must keep. */
export interface Target {
  /** Whom it compares with; `undefined` compares with a number of the same unit. */
  readonly rival: Rival | undefined;
  /** The largest ratio, or the largest number. @default {Infinity} */
  readonly most?: number;
  /** The smallest number, where more is better. @default {0} */
  readonly least?: number;
}

/** How one form of Undrift did. */
export interface Row {
  /** What was done. */
  readonly what: string;
  /** How Undrift was run. */
  readonly form: Form;
  /** Unit of all values. */
  readonly unit: "ms" | "MB" | "GB/s";
  /** Median of Undrift. */
  readonly value: number;
  /** Median of its processor time, where time is what counts. */
  readonly cpuMs?: number;
  /** Medians of the rivals, and medians of the ratios within a round. */
  readonly rivals: Partial<Record<Rival, { readonly value: number; readonly ratio: number }>>;
  /** The limits for this form. */
  readonly targets: readonly Target[];
  /** Whether all are kept; absent without limits. */
  readonly met?: boolean;
}

/** One case with everything that was measured. */
export interface CaseResult {
  /** Its name on the command line. */
  readonly name: string;
  /** Table that the rows belong in. */
  readonly table: "time" | "delta" | "memory" | "start-up" | "kernels";
  /** The rows. */
  readonly rows: readonly Row[];
  /** Raw samples, by what was done. */
  readonly samples: Readonly<Record<string, Samples>>;
}

/** Limits by form. */
export type Targets = Partial<Record<Form, readonly Target[]>>;

/** Returns the median; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Makes the rows of one case. */
export function rowsOf(what: string, samples: Samples, metric: Metric, targets: Targets): Row[] {
  return FORMS.filter((form) => samples[form] !== undefined).map((form) => {
    const mine = samples[form]!;
    const rivals: Row["rivals"] = {};
    for (const rival of RIVALS) {
      const theirs = samples[rival];
      if (theirs === undefined) continue;
      const ratios = mine.map((sample, round) => valueOf(sample, metric) / valueOf(theirs[round]!, metric));
      rivals[rival] = { value: medianOf(theirs, metric), ratio: median(ratios) };
    }
    const row = { what, form, value: medianOf(mine, metric), rivals, targets: targets[form] ?? [] };
    if (metric === "peak") return judged({ ...row, unit: "MB" });
    return judged({ ...row, unit: "ms", cpuMs: median(mine.map(({ cpuMs }) => cpuMs)) });
  });
}

/** Adds whether all targets of a row are kept. */
export function judged(row: Omit<Row, "met">): Row {
  if (row.targets.length === 0) return row;
  const met = row.targets.every(({ rival, most = Infinity, least = 0 }) => {
    const reached = rival === undefined ? row.value : row.rivals[rival]?.ratio ?? Infinity;
    return rival === undefined
      ? reached >= least && reached <= most
      : Math.round(reached * 100) <= Math.round(most * 100);
  });
  return { ...row, met };
}

function medianOf(samples: readonly Sample[], metric: Metric): number {
  return median(samples.map((sample) => valueOf(sample, metric)));
}

function valueOf(sample: Sample, metric: Metric): number {
  return metric === "wall" ? sample.wallMs : sample.peakMb;
}
