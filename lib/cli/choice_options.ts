/**
 * The options of the command line that decide which entries are planned, and as what.
 *
 * @module
 */
import type { MirrorOptions } from "../../tasks/mirror/options/options.ts";
import type { Values } from "./parse.ts";

/**
 * Options of a mirror that choose.
 *
 * @param values Values of the options.
 * @returns A part of the options for `mirror`.
 */
export function choiceOptions(values: Values): MirrorOptions {
  return {
    update: values.isOn("update"),
    existing: values.isOn("existing"),
    ignoreExisting: values.isOn("ignore-existing"),
    oneFileSystem: values.isOn("one-file-system"),
    safeLinks: values.isOn("safe-links"),
    pruneEmptyDirs: values.isOn("prune-empty-dirs"),
    copyLinks: values.isOn("copy-links"),
    copyUnsafeLinks: values.isOn("copy-unsafe-links"),
    keepDirlinks: values.isOn("keep-dirlinks"),
    compareDest: values.repeated("compare-dest").map(({ value }) => value),
    copyDest: values.repeated("copy-dest").map(({ value }) => value),
    linkDest: values.repeated("link-dest").map(({ value }) => value),
    chmod: values.repeated("chmod").map(({ value }) => value).join(","),
    chown: values.text("chown") ?? "",
    usermap: values.text("usermap") ?? "",
    groupmap: values.text("groupmap") ?? "",
    numericIds: values.isOn("numeric-ids"),
    sizeOnly: values.isOn("size-only"),
    ignoreTimes: values.isOn("ignore-times"),
  };
}
