import { cleanText } from "../../base/mod.ts";
import type { ExplainedLine } from "./explain_line.ts";

/** Where the program ran. */
export interface RenderIssueReportOptions {
  /** Version of the program. */
  readonly version: string;
  /** The runtime and its version, such as `Deno 2.9.6`. */
  readonly runtime: string;
  /** Operating system and processor, such as `linux x86_64`. */
  readonly system: string;
}

/** Longest quoted line, in characters. */
const MAX_LINE = 2000;

/**
 * Write the text of a report about a line of a log, for the developers of the program.
 *
 * @param line The line, as it stands in the log
 * @returns Markdown: a title in the first line, then the sections that a report needs
 */
export function renderIssueReport(line: string, explained: ExplainedLine, options: RenderIssueReportOptions): string {
  const quoted = cleanText(line).slice(0, MAX_LINE).replaceAll("```", "'''");
  const problem = explained.type === "problem" ? explained.problem : "unrecognized line";
  const what = explained.type === "unknown" || explained.message === "" ? quoted : explained.message;
  return [
    `# ${problem}: ${what.slice(0, 100)}`,
    "",
    "## What happened",
    "",
    "```",
    quoted,
    "```",
    "",
    sayMeaning(explained),
    "",
    "## What I did",
    "",
    "The command: civitai-dl …",
    "",
    "## What I expected",
    "",
    "…",
    "",
    "## Where",
    "",
    `- civitai-dl ${options.version}, ${options.runtime}, ${options.system}`,
    "- The file of `civitai-dl debug-info --output debug.zip`, which has no secrets, is attached: yes / no",
    "",
  ].join("\n");
}

function sayMeaning(explained: ExplainedLine): string {
  switch (explained.type) {
    case "unknown":
      return "The program does not recognize the line.";
    case "fine":
      return `${explained.meaning}.`;
    case "problem":
      return `${explained.meaning} (${explained.runbook}).`;
  }
}
