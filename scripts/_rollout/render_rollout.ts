import { renderTable } from "../../lib/cli/mod.ts";
import type { ArmFigures, Judgement, RolloutEvent, RolloutStatus } from "../../lib/rollout/mod.ts";

/** Maximum number of transitions shown, latest ones only. */
const SHOWN_EVENTS = 5;
const MARKS = { done: "x", current: ">", ahead: " " } as const;

/** Render the status of a rollout as text. */
export function renderRollout(status: RolloutStatus, options: { readonly width?: number } = {}): string {
  const { width = 80 } = options;
  const { done, rollout, state, effect, reason, waitsFor, next, steps, events } = status;
  const lines = done === null ? [] : [done, ""];
  const name = rollout === null ? "Rollout" : `Rollout "${rollout}"`;
  lines.push(`${name}: ${STATES[state]}`);
  lines.push(`  now: ${effect}`, `  why: ${reason}`, `  waits for: ${waitsFor}`);
  lines.push(`  next: ${next ?? `nothing to do; rollout abort goes back to ${status.from}`}`);
  if (steps.length > 0) lines.push("", ...steps.map((step) => `  [${MARKS[step.state]}] ${step.text}`));
  if (status.judgement !== null) lines.push("", ...judgementLines(status.judgement, { status, width }));
  if (events.length > 0) lines.push("", "Last transitions:", ...events.slice(-SHOWN_EVENTS).map(eventLine));
  return `${lines.join("\n").trimEnd()}\n`;
}

/** The states in words; `degraded` says nothing to a person. */
const STATES: Readonly<Record<RolloutStatus["state"], string>> = {
  idle: "none",
  running: "running",
  paused: "paused",
  degraded: "aborted",
  completed: "completed",
};

function judgementLines(
  judgement: Judgement,
  { status: { from, to, state }, width }: { readonly status: RolloutStatus; readonly width: number },
): readonly string[] {
  const { canary, baseline, criteria, speed, verdict, reason } = judgement;
  const rows = [{ name: `${to} (canary)`, ...canary }, { name: `${from} (baseline)`, ...baseline }];
  const table = renderTable(rows, [
    { title: "FILES OF", value: (row) => row.name },
    ...COUNTS.map(([title, key]) => ({ title, value: (row: ArmFigures) => `${row[key]}`, align: "right" as const })),
  ], { width });
  const ratio = speed.ratio === null
    ? []
    : [`A file of ${to} came at ${speed.ratio.toFixed(2)} times the speed of one of ${from} beside it`];
  return [
    // What a person aborted was not decided.
    ...state === "degraded" && verdict !== "abort" ? [] : [`Judge: ${verdict}: ${reason}`],
    table.trimEnd(),
    ...ratio,
    ...criteria.map(({ name, verdict, reason }) => `  ${name}: ${verdict}, ${reason}`),
  ];
}

const COUNTS = [["N", "n"], ["OK", "ok"], ["ERRORS", "errors"], ["TIMEOUTS", "timeouts"], [
  "WRONG",
  "integrity",
]] as const;

function eventLine({ time, action, by, weight, reason }: RolloutEvent): string {
  return `  ${time} ${action} by ${by}, ${weight} %: ${reason}`;
}
