/**
 * `undrift mirror` and `undrift apply`.
 *
 * @module
 */
import type { MirrorOptions } from "../../tasks/mirror/options/options.ts";
import { SyncError } from "../errors.ts";
import { printable } from "../bytes/printable.ts";
import { Conductor } from "./conduct.ts";
import { filterOptions } from "./filter_options.ts";
import type { Io } from "./io.ts";
import { openOutput } from "./open_output.ts";
import { expectationsOf } from "./expect_option.ts";
import { policyOf } from "./policy_option.ts";
import { catalogOptions } from "./catalog_options.ts";
import { choiceOptions } from "./choice_options.ts";
import type { Values } from "./parse.ts";
import type { Tasks } from "./tasks.ts";

/** A command that is to be carried out. */
export interface Call {
  /** What stands between the options; as many as the command needs. */
  readonly operands: readonly string[];
  /** Values of the options. */
  readonly values: Values;
  /** The process. */
  readonly io: Io;
  /** What can be done. */
  readonly tasks: Tasks;
}

/**
 * Runs `undrift mirror SRC DST`.
 *
 * @param call The command line.
 * @returns The exit code.
 */
export async function mirrorCommand({ operands, values, io, tasks }: Call): Promise<number> {
  const [source = "", destination = ""] = operands;
  const saveAs = values.text("plan-out");
  const lists = values.isOn("dry-run") || values.isOn("check");
  const conductor = new Conductor(io, await openOutput(io, values, lists));
  conductor.output.start("mirror", source, destination);
  try {
    const mirror = await tasks.mirror();
    const task = makeTask(() => mirror(source, destination, mirrorOptions(values)));
    if (!lists && saveAs === undefined) return await conductor.run((watch) => task.run(watch));
    const plan = await task.plan({
      signal: io.signal,
      // What fails is in the plan, and is told after the list.
      onEvent: (event) => event.type === "progress" && conductor.output.progress(event.progress),
    });
    const exitCode = await conductor.show(plan, { check: values.isOn("check"), saveAs });
    if (saveAs !== undefined) conductor.output.note(`saved: undrift apply ${printable(saveAs)}`);
    return exitCode;
  } catch (thrown) {
    return conductor.fail(thrown);
  }
}

/**
 * Runs `undrift apply PLAN`.
 *
 * @param call The command line.
 * @returns The exit code.
 */
export async function applyCommand({ operands, values, io, tasks }: Call): Promise<number> {
  const [file = ""] = operands;
  const previews = values.isOn("dry-run");
  const conductor = new Conductor(io, await openOutput(io, values, previews));
  let started = false;
  try {
    const plan = await (await tasks.loadPlan())(file);
    conductor.output.start("mirror", plan.source, plan.destination);
    started = true;
    if (previews) return await conductor.show(plan, { check: false });
    return await conductor.run((watch) => plan.apply(watch));
  } catch (thrown) {
    if (!started) conductor.output.start("mirror");
    return conductor.fail(thrown);
  }
}

/**
 * Makes a task. A value that the table of options lets through but the task does not take is a matter of usage.
 *
 * @param make Makes it.
 * @returns The task.
 * @throws {SyncError} code `"usage"` when an option is not taken.
 */
export function makeTask<Task>(make: () => Task): Task {
  try {
    return make();
  } catch (thrown) {
    if (thrown instanceof RangeError) throw new SyncError("usage", thrown.message, { cause: thrown });
    throw thrown;
  }
}

/**
 * The options of a mirror, from those of the command line.
 *
 * @param values Values of the options.
 * @returns Options for `mirror`.
 */
export function mirrorOptions(values: Values): MirrorOptions {
  const maxDelete = values.number("max-delete");
  const jobs = values.number("jobs");
  return {
    delete: values.isOn("delete"),
    ...(maxDelete === undefined ? {} : { maxDelete }),
    ignoreErrors: values.isOn("ignore-errors"),
    detectMoves: values.isOn("detect-moves"),
    trustMoves: values.isOn("trust-moves"),
    allowEmptySource: values.isOn("allow-empty-source"),
    expect: expectationsOf(values.repeated("expect").map(({ value }) => value)),
    preflight: values.isOn("preflight"),
    policy: policyOf(values.repeated("on").map(({ value }) => value)),
    ...filterOptions(values),
    checksum: values.isOn("checksum"),
    ...catalogOptions(values),
    allowRot: values.isOn("allow-rot"),
    modifyWindow: values.number("modify-window") ?? 0,
    ...choiceOptions(values),
    perms: values.isOn("perms"),
    times: values.isOn("times"),
    owner: values.isOn("owner"),
    group: values.isOn("group"),
    links: values.isOn("links"),
    specials: values.isOn("specials"),
    hardLinks: values.isOn("hard-links"),
    sparse: values.isOn("sparse"),
    xattrs: values.isOn("xattrs"),
    acls: values.isOn("acls"),
    ...keepingOptions(values),
    removeSourceFiles: values.isOn("remove-source-files"),
    delayUpdates: values.isOn("delay-updates"),
    inplace: values.isOn("inplace"),
    append: values.isOn("append"),
    appendVerify: values.isOn("append-verify"),
    delta: values.isOn("delta"),
    fuzzy: values.isOn("fuzzy"),
    fsync: values.isOn("fsync"),
    ...(jobs === undefined ? {} : { jobs }),
    layer: (values.text("layer") ?? "auto") as "auto" | "native" | "portable",
  };
}

/** What is not given stays away: the defaults depend on each other. */
function keepingOptions(values: Values): MirrorOptions {
  const suffix = values.text("suffix");
  const backupDir = values.text("backup-dir");
  const trash = values.text("trash");
  return {
    ...(values.isOn("backup") ? { backup: true } : {}),
    ...(suffix === undefined ? {} : { suffix }),
    ...(backupDir === undefined ? {} : { backupDir }),
    ...(trash === undefined ? {} : { trash }),
  };
}
