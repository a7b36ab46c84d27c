import { cleanText } from "../../base/mod.ts";
import type { IssueAdvice } from "./handle_issue.ts";

/** Where the program ran. */
export interface IssueFacts {
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
export function renderIssueReport(line: string, advice: IssueAdvice, facts: IssueFacts): string {
  const { problem, message, meaning, runbook } = advice;
  const quoted = cleanText(line).slice(0, MAX_LINE).replaceAll("```", "'''");
  const what = (message || quoted).slice(0, 100);
  const page = runbook === null ? "" : ` (${runbook})`;
  const known = meaning === null ? "The program does not recognize the line." : `${meaning}${page}.`;
  return [
    `# ${problem ?? "unrecognized line"}: ${what}`,
    "",
    "## What happened",
    "",
    "```",
    quoted,
    "```",
    "",
    known,
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
    `- civitai-dl ${facts.version}, ${facts.runtime}, ${facts.system}`,
    "- The file of `civitai-dl debug-info --output debug.zip`, which has no secrets, is attached: yes / no",
    "",
  ].join("\n");
}
