import { formatCount, formatDuration, formatSize } from "../../lib/base/mod.ts";
import { renderTable } from "../../lib/cli/mod.ts";
import { describeRatio } from "../../lib/downloader/mod.ts";
import type { BreakerStatus, FailsafeEvent, FailsafeStatus } from "../../lib/failsafe/mod.ts";
import type { StatusHost, StatusLimit } from "../../lib/monitor/mod.ts";

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
  status: FailsafeStatus & { readonly done?: string | null; readonly hosts?: readonly StatusHost[] },
  options: { readonly width?: number; readonly now?: number } = {},
): string {
  const { width = 80, now = Date.now() } = options;
  const { mode, breakers, events, done = null, hosts = [] } = status;
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
  if (hosts.length > 0) lines.push(hostTable(hosts, { width, now }));
  if (events.length > 0) lines.push("Last transitions:", ...events.slice(-SHOWN_EVENTS).map(eventLine));
  return `${lines.join("\n").trimEnd()}\n`;
}

function breakerTable(
  breakers: readonly BreakerStatus[],
  { width, now }: { readonly width: number; readonly now: number },
): string {
  return renderTable(breakers, [
    { title: "BREAKER", value: (row) => row.key },
    { title: "STATE", value: (row) => stateWord(row) },
    { title: "SINCE", value: (row) => ago(row.since, now) },
    { title: "FAILED", value: (row) => row.calls === 0 ? "" : `${row.failures}/${row.calls}`, align: "right" },
    { title: "TRIED", value: (row) => triedIn(row, now) },
    { title: "WHY", value: (row) => row.reason ?? "" },
  ], { width });
}

/** Compare the hosts in use with their usual speed, and show how many connections they may get. */
function hostTable(
  hosts: readonly StatusHost[],
  { width, now }: { readonly width: number; readonly now: number },
): string {
  return renderTable(hosts, [
    { title: "HOST", value: (row) => row.host },
    { title: "SPEED", value: (row) => speedOf(row, now) },
    { title: "LIMIT", value: (row) => limitOf(row.limit, now) },
  ], { width });
}

function speedOf({ ratio, kind, current, usual, slowSince }: StatusHost, now: number): string {
  if (ratio === null || current === null || usual === null) return "";
  const since = slowSince === null ? "" : `slow since ${slowSince} (${ago(slowSince, now)}): `;
  const values = kind === "answer"
    ? `answers in ${formatDuration(Math.round(current))}, usually in ${formatDuration(Math.round(usual))}`
    : `${formatSize(current)}/s for each connection, usually ${formatSize(usual)}/s`;
  return `${since}${describeRatio(ratio)}; ${values}`;
}

const LIMIT_REASONS: Readonly<Record<string, string>> = {
  refused: "it refused more at once",
  latency: "with more it became slower",
  recovered: "rising again",
  room: "rising again",
  measure: "a short test with fewer",
};

function limitOf({ value, ceiling, reason, changedAt }: StatusLimit, now: number): string {
  const why = reason === null ? undefined : LIMIT_REASONS[reason];
  const count = `${value} of ${formatCount(ceiling, "connection")}`;
  if (value >= ceiling || why === undefined) return count;
  return `${count}: ${why}${changedAt === null ? "" : `, ${ago(changedAt, now)}`}`;
}

/** A word for the state of a breaker that says what it means for the next call. */
function stateWord({ state, failures, calls }: BreakerStatus): string {
  if (state === "open") return "blocked";
  if (state === "half-open") return "being tried";
  if (calls === 0) return "not in use";
  if (failures === 0) return "working";
  return failures * 2 >= calls ? "failing" : "some fail";
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
