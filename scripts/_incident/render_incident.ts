import { formatDuration } from "../../lib/base/mod.ts";
import { createPaint, type RenderOptions } from "../../lib/cli/mod.ts";
import type { IncidentStage, IncidentStatus, StepState } from "../../lib/incident/mod.ts";

const STAGES: Readonly<Record<IncidentStage, string>> = {
  contain: "1. Contain it (within 5 minutes)",
  analyze: "2. Find the cause (within 30 minutes)",
  fix: "3. Fix it and test the fix",
  recover: "4. Return to full speed in stages",
};

const MARKS: Readonly<Record<StepState, string>> = { done: "[x]", next: "[>]", later: "[ ]" };

/**
 * Render where an incident stands: its stages with their steps, and the next command.
 *
 * @param status The incident
 * @param options Whether to use colors
 * @returns The text, with a final newline
 */
export function renderIncident(status: IncidentStatus, { color }: Pick<RenderOptions, "color">): string {
  const paint = createPaint({ color });
  const { id, problem, text, durationMs, steps, overdue, next, path, notes, unreadable } = status;
  const kind = problem === "other" ? "" : ` (${problem})`;
  const lines = [`${paint.bold(`Incident ${id}${kind}`)}, ${formatDuration(durationMs)} old: ${text}`];
  let stage: IncidentStage | undefined;
  for (const step of steps) {
    if (step.stage !== stage) {
      stage = step.stage;
      const late = overdue?.stage === stage ? paint.red("  overdue") : "";
      lines.push("", `${paint.bold(STAGES[stage])}${late}`);
    }
    const end = step.exit === null || step.exit === 0 ? "" : ` (ended with ${step.exit})`;
    const mark = step.state === "done" ? paint.green(MARKS.done) : MARKS[step.state];
    lines.push(`  ${mark} ${step.purpose}${end}`, `      ${paint.cyan(step.command)}`);
  }
  lines.push("");
  if (unreadable > 0) lines.push(`${unreadable} lines of the timeline could not be read`);
  lines.push(`Timeline: ${path}${notes === 0 ? "" : `, with ${notes === 1 ? "1 note" : `${notes} notes`}`}`);
  lines.push(next === null ? `Next: civitai-dl incident close "what it was"` : `Next: ${next}`);
  return `${lines.join("\n")}\n`;
}
