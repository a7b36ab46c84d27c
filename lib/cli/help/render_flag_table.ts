import { flagNotes, formatFlag } from "./_format_flag.ts";
import type { Command } from "../command/command.ts";

/**
 * Render the command's own flags as a Markdown table, for the documentation.
 *
 * @returns Lines, each with a line break; empty for a command without visible flags
 */
export function renderFlagTable(command: Command): string {
  const flags = (command.flags ?? []).filter((flag) => !flag.hidden);
  if (flags.length === 0) return "";
  const rows = flags.map((flag) => {
    const notes = flagNotes(flag).map(escapeCell).join("; ");
    return `| \`${escapeCell(formatFlag(flag))}\` | ${escapeCell(flag.summary)} | ${notes} |`.replace("|  |", "| |");
  });
  return ["| flag | what it does | notes |", "|---|---|---|", ...rows].map((line) => `${line}\n`).join("");
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|").replace(/\s+/g, " ");
}
