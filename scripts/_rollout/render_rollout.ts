import { formatSize } from "../../lib/base/mod.ts";
import { renderTable } from "../../lib/cli/mod.ts";
import type { ArmFigures, Judgement, RolloutEvent, RolloutStatus } from "../../lib/rollout/mod.ts";

/** Maximum number of transitions shown, latest ones only. */
const SHOWN_EVENTS = 5;
const MARKS = { done: "x", current: ">", ahead: " " } as const;

/**
 * Render the status of a rollout as text.
 *
 * @param status The status
 * @param options Width in columns
 * @returns The text
 */
export function renderRollout(status: RolloutStatus, options: { readonly width?: number } = {}): string {
  const { width = 80 } = options;
  const { done, rollout, from, to, phase, weight, revision, reason, waitsFor, next, steps, events } = status;
  const lines = done === null ? [] : [done, ""];
  const name = rollout === null ? "Rollout" : `Rollout "${rollout}" (${from} -> ${to})`;
  lines.push(`${name}: ${phase}${rollout === null ? "" : `, ${weight} % canary`}, revision ${revision}`);
  lines.push(`  why: ${reason}`, `  waits for: ${waitsFor}`);
  lines.push(`  next: ${next ?? `nothing to do; rollout abort goes back to ${from}`}`);
  if (status.sourceErrors > 0) lines.push(`  measurements failed in a row: ${status.sourceErrors}`);
  if (steps.length > 0) lines.push("", ...steps.map(({ text, state }) => `  [${MARKS[state]}] ${text}`));
  if (status.judgement !== null) lines.push("", ...judgementLines(status.judgement, width));
  if (events.length > 0) lines.push("", "Last transitions:", ...events.slice(-SHOWN_EVENTS).map(eventLine));
  return `${lines.join("\n").trimEnd()}\n`;
}

function judgementLines(judgement: Judgement, width: number): readonly string[] {
  const { canary, baseline, bounds, criteria, verdict, reason } = judgement;
  const rows = [{ name: "canary", ...canary }, { name: "baseline", ...baseline }];
  const table = renderTable(rows, [
    { title: "ARM", value: (row) => row.name },
    ...COUNTS.map(([title, key]) => ({ title, value: (row: ArmFigures) => `${row[key]}`, align: "right" as const })),
    { title: "LLR", value: (row) => row.logRatio.toFixed(2), align: "right" },
    {
      title: "PER SECOND",
      value: ({ bytesPerSecond }) => bytesPerSecond === null ? "" : formatSize(bytesPerSecond),
      align: "right",
    },
  ], { width });
  return [
    `Judge: ${verdict}: ${reason}`,
    table.trimEnd(),
    `LLR: healthy at ${bounds.lower.toFixed(2)} or below, failing at ${bounds.upper.toFixed(2)} or above`,
    ...criteria.map(({ name, verdict, reason }) => `  ${name}: ${verdict}, ${reason}`),
  ];
}

const COUNTS = [["N", "n"], ["OK", "ok"], ["ERRORS", "errors"], ["TIMEOUTS", "timeouts"], [
  "WRONG",
  "integrity",
]] as const;

function eventLine({ time, action, by, weight, reason, override }: RolloutEvent): string {
  const why = override === undefined || reason.includes(override) ? reason : `${reason}: ${override}`;
  return `  ${time} ${action} by ${by}, ${weight} %: ${why}`;
}
