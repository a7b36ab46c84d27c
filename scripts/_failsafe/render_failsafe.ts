import { formatDuration } from "../../lib/base/mod.ts";
import { renderTable } from "../../lib/cli/mod.ts";
import type { BreakerStatus, FailsafeEvent, FailsafeStatus } from "../../lib/failsafe/mod.ts";

/** Maximum number of transitions shown, latest ones only. */
const SHOWN_EVENTS = 8;

/**
 * Render the status of a failsafe as text.
 *
 * @param status The status, and the change that was just made
 * @param options Width in columns, and the current time in milliseconds since the epoch
 * @returns The text
 */
export function renderFailsafe(
  status: FailsafeStatus & { readonly done?: string | null },
  options: { readonly width?: number; readonly now?: number } = {},
): string {
  const { width = 80, now = Date.now() } = options;
  const { mode, breakers, events, done = null } = status;
  const lines = done === null ? [] : [done, ""];
  lines.push(`Mode: ${mode.name}, since ${mode.since} (${ago(mode.since, now)})`, `  why: ${mode.reason}`);
  if (mode.hold !== null) lines.push(`  held until: ${mode.hold.until ?? "it is released"}`);
  if (mode.name !== mode.ladder) lines.push(`  automatic mode: ${mode.ladder}`);
  // A change of the mode resets the count.
  lines.push(
    mode.calls === 0
      ? "  last minute: no calls in this mode"
      : `  last minute: ${mode.failures} of ${mode.calls} calls in this mode failed`,
  );
  for (const change of mode.wouldChange) lines.push(`  what would change it: ${change}`);
  lines.push(
    "",
    breakers.length === 0 ? "No breakers yet: no requests were made." : breakerTable(breakers, { width, now }),
  );
  if (events.length > 0) lines.push("Last transitions:", ...events.slice(-SHOWN_EVENTS).map(eventLine));
  return `${lines.join("\n").trimEnd()}\n`;
}

function breakerTable(
  breakers: readonly BreakerStatus[],
  { width, now }: { readonly width: number; readonly now: number },
): string {
  return renderTable(breakers, [
    { title: "BREAKER", value: (row) => row.key },
    { title: "STATE", value: (row) => row.state },
    { title: "SINCE", value: (row) => ago(row.since, now) },
    { title: "FAILED", value: (row) => row.calls === 0 ? "" : `${row.failures}/${row.calls}`, align: "right" },
    { title: "TRIED", value: (row) => triedIn(row, now) },
    { title: "WHY", value: (row) => row.reason ?? "" },
  ], { width });
}

function triedIn({ until, state, probes }: BreakerStatus, now: number): string {
  if (state === "half-open") return `${probes} under way`;
  if (until === null) return "";
  const leftMs = Date.parse(until) - now;
  return leftMs <= 0 ? "at the next call" : `in ${formatDuration(leftMs)}`;
}

function eventLine(event: FailsafeEvent): string {
  const subject = event.type === "mode" ? "mode" : event.key;
  return `  ${event.time} ${subject}: ${event.from} -> ${event.to}: ${event.reason}`;
}

function ago(time: string, now: number): string {
  const ms = now - Date.parse(time);
  return ms < 1000 ? "just now" : `${formatDuration(ms)} ago`;
}
