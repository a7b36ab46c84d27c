import { formatCount, formatDuration } from "../../lib/base/mod.ts";
import { createPaint, type RenderOptions, wrapText } from "../../lib/cli/mod.ts";
import type { IncidentStage, IncidentStatus, StepState } from "../../lib/incident/mod.ts";

const STAGES: Readonly<Record<IncidentStage, string>> = {
  contain: "1. Contain it (within 5 minutes)",
  analyze: "2. Find the cause (within 30 minutes)",
  fix: "3. Fix it and test the fix",
  recover: "4. Return to full speed in stages",
};

const MARKS: Readonly<Record<StepState, string>> = { done: "[x]", next: "[>]", later: "[ ]" };

/** Under the text of a step, behind its mark. */
const INDENT = " ".repeat("  [x] ".length);
/** Output that is piped gets lines that fit every terminal; those of a wide one stay narrow enough to read. */
const MAX_WIDTH = 80;

/**
 * Render where an incident stands: its stages with their steps, and the next command. Text is wrapped to the terminal;
 * commands are not, so that they can be copied.
 *
 * @param status The incident
 * @param options Width and colors
 * @returns The text, with a final newline
 */
export function renderIncident(status: IncidentStatus, { color, width }: RenderOptions): string {
  const columns = Math.min(width, MAX_WIDTH);
  const paint = createPaint({ color });
  const { id, problem, text, durationMs, steps, overdue, next, path, isRecorded, notes, unreadable } = status;
  const kind = problem === "other" ? "" : ` (${problem})`;
  const [title = "", ...more] = wrapText(`Incident ${id}${kind}, ${formatDuration(durationMs)} old: ${text}`, columns);
  const lines = [paint.bold(title), ...more];
  let stage: IncidentStage | undefined;
  for (const step of steps) {
    if (step.stage !== stage) {
      stage = step.stage;
      const late = overdue?.stage === stage ? paint.red("  overdue") : "";
      lines.push("", `${paint.bold(STAGES[stage])}${late}`);
    }
    const end = step.exit === null || step.exit === 0 ? "" : ` (ended with ${step.exit})`;
    const mark = step.state === "done" ? paint.green(MARKS.done) : MARKS[step.state];
    const [first, ...rest] = wrapText(`${step.purpose}${end}`, columns - INDENT.length);
    lines.push(`  ${mark} ${first}`, ...rest.map((line) => `${INDENT}${line}`), `${INDENT}${paint.cyan(step.command)}`);
  }
  lines.push("");
  if (unreadable > 0) lines.push(`${formatCount(unreadable, "line")} of the timeline could not be read`);
  const withNotes = notes === 0 ? "" : `, with ${formatCount(notes, "note")}`;
  lines.push(isRecorded ? `Timeline: ${path}${withNotes}` : `No timeline: ${path} could not be written`);
  lines.push(next === null ? `Next: civitai-dl incident close "what it was"` : `Next: ${next}`);
  return `${lines.join("\n")}\n`;
}
