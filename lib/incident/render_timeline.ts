import { cleanText, formatCount, formatDuration } from "../base/mod.ts";
import type { Incident, IncidentEntry } from "./timeline.ts";

/**
 * Write the timeline of an incident as a Markdown document, for the report after it.
 *
 * @param incident The incident
 * @returns The document
 */
export function renderTimeline(incident: Incident): string {
  const { id, entries, unreadable } = incident;
  const [first] = entries;
  const rows = entries.map((entry) => {
    const sinceStart = formatDuration(entry.atMs - (first?.atMs ?? entry.atMs));
    return `| ${new Date(entry.atMs).toISOString()} | ${sinceStart} | ${cellOf(entry)} |`;
  });
  const lost = unreadable === 0 ? [] : ["", `${formatCount(unreadable, "line")} of the timeline could not be read.`];
  return [
    `# Incident ${id}`,
    "",
    "| time | since the start | what happened |",
    "| --- | --- | --- |",
    ...rows,
    ...lost,
    "",
    "## What was the cause?",
    "",
    "## What would have found it earlier?",
    "",
    "## What is changed, so that it does not happen again?",
    "",
  ].join("\n");
}

function cellOf(entry: IncidentEntry): string {
  switch (entry.type) {
    case "start":
      return `Started (${entry.problem}): ${inCell(entry.text)}`;
    case "note":
      return inCell(entry.text);
    case "command":
      return `\`civitai-dl ${inCell(entry.words.join(" "))}\` ended with ${entry.exit}`;
    case "close":
      return `Closed: ${inCell(entry.text)}`;
  }
}

/** Write a text so that it stays in one cell of a table. */
function inCell(text: string): string {
  return cleanText(text).replaceAll("|", "\\|").replaceAll("`", "'");
}
