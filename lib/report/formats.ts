/**
 * The formats by name, and which one a file gets by its ending. Each is loaded when it is asked for.
 *
 * @module
 */
import type { ReportDocument } from "./document.ts";

/** Formats that are one text. */
export type ReportFormat = "text" | "itemize" | "ndjson" | "html" | "markdown" | "junit";

/** Ending of a file to its format. */
export const FORMAT_OF_ENDING: Readonly<Record<string, ReportFormat>> = {
  ".html": "html",
  ".ndjson": "ndjson",
  ".xml": "junit",
  ".md": "markdown",
  ".txt": "text",
};

/**
 * The format that a file gets.
 *
 * @param file Name or path of the file.
 * @returns The format of its ending.
 * @throws {RangeError} when the ending is not known; the message names those that are.
 */
export function formatOfFile(file: string): ReportFormat {
  const ending = /\.[^./]*$/.exec(file)?.[0]?.toLowerCase() ?? "";
  const format = Object.hasOwn(FORMAT_OF_ENDING, ending) ? FORMAT_OF_ENDING[ending] : undefined;
  if (format !== undefined) return format;
  const endings = Object.keys(FORMAT_OF_ENDING);
  throw new RangeError(
    `Cannot write a report to ${JSON.stringify(file)}: its name must end in ${endings.slice(0, -1).join(", ")} or ${
      endings.at(-1)
    }`,
  );
}

/**
 * Begins a report.
 *
 * @param format Its format.
 * @param explains Whether each step says why in words, where the format leaves the choice. @default {false}
 * @returns The report, to be told.
 */
export async function reportDocument(format: ReportFormat, explains: boolean = false): Promise<ReportDocument> {
  switch (format) {
    case "text":
      return (await import("./line_documents.ts")).textDocument(explains);
    case "itemize":
      return (await import("./line_documents.ts")).itemizeDocument();
    case "ndjson":
      return (await import("./ndjson.ts")).ndjsonDocument(explains);
    case "html":
      return (await import("./html.ts")).htmlDocument();
    case "markdown":
      return (await import("./markdown.ts")).markdownDocument();
    case "junit":
      return (await import("./junit.ts")).junitDocument();
  }
}
