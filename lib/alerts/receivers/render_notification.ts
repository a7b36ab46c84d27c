import { cleanText, formatCount, formatDuration, truncateText } from "../../base/mod.ts";
import type { Notification, NotifiedAlert } from "./notification.ts";

/** Options of {@linkcode renderNotification}. */
export interface RenderNotificationOptions {
  /**
   * Length limit of title and text together, including line ends, as counted by `measure`.
   *
   * @default {Infinity}
   */
  readonly maxLength?: number;
  /**
   * Measures the length of a string as the receiver counts it.
   *
   * @default {UTF-16 code units}
   */
  readonly measure?: (text: string) => number;
  /**
   * Escapes text for the receiver's markup; applied before measuring, so that no escape is cut in two.
   *
   * @default {no escaping}
   */
  readonly escape?: (text: string) => string;
  /**
   * The current time, in milliseconds since the epoch; without it, the text omits how long an alert has been firing.
   */
  readonly now?: number | undefined;
}

/** A notification as text for a person. */
export interface RenderedNotification {
  /** One line, such as `[FIRING:2] timeout_rate`. */
  readonly title: string;
  /** One line per alert, with its details below, and at the end the number of alerts that are omitted. */
  readonly text: string;
}

/** Length limit of one annotation, so that it leaves room for the others. */
const MAX_FIELD = 400;
const MAX_TITLE = 120;

/**
 * Render a notification for a person. Alerts that do not fit are omitted and counted, never cut in the middle. Labels
 * and annotations cannot add line ends or control characters.
 *
 * @param notification The notification to render
 * @param options Length limit, escaping and the current time
 * @returns Title and text
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { renderNotification } from "@civitai-dl/civitai-dl/alerts";
 *
 * const labels = { alertname: "Slow", severity: "warning" };
 * const annotations = { summary: "Answers are slow", value: "3s" };
 * const { title, text } = renderNotification({
 *   status: "firing",
 *   groupKey: "{}",
 *   groupLabels: {},
 *   alerts: [{ status: "firing", labels, annotations, startsAt: 0, endsAt: null, value: 3, fingerprint: "c0ffee" }],
 * }, { now: 300_000 });
 * assertEquals(title, "[FIRING:1] Slow");
 * assertEquals(text, "● Slow (warning): Answers are slow\n  firing since 1970-01-01 00:00 UTC (5m), value 3s");
 * ```
 */
export function renderNotification(
  notification: Notification,
  options: RenderNotificationOptions = {},
): RenderedNotification {
  const { maxLength = Infinity, measure = (text: string) => text.length, escape = (text: string) => text } = options;
  const title = escape(truncateText(formatTitle(notification), MAX_TITLE));
  const { alerts } = notification;
  const blocks = alerts.map((alert) => formatAlert(alert, options.now).map((line) => escape(line)).join("\n"));
  const room = maxLength - measure(title) - 1;
  const render = (count: number): string => {
    const rest = alerts.length - count;
    const tail = rest === 0 ? [] : [escape(count === 0 ? formatCount(rest, "alert") : `… and ${rest} more`)];
    return [...blocks.slice(0, count), ...tail].join("\n");
  };
  let count = 0;
  for (let size = 0; count < blocks.length; count++) {
    size += measure(blocks[count]!) + 1;
    // The loop below makes room for the number of alerts that are omitted.
    if (size > room) break;
  }
  while (count > 0 && measure(render(count)) > room) count--;
  return { title, text: render(count) };
}

function formatTitle({ status, alerts }: Notification): string {
  const count = alerts.filter((alert) => alert.status === status).length;
  const names = [...new Set(alerts.map((alert) => cleanText(alert.labels["alertname"] ?? "alert")))];
  const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
  const machines = new Set(alerts.map(({ annotations }) => annotations["machine"]));
  const [machine] = machines.size === 1 ? machines : [];
  const machineSuffix = machine === undefined ? "" : ` on ${cleanText(machine)}`;
  const lateSuffix = alerts.every(isLate) ? " (sent late, it is over)" : "";
  return `[${status.toUpperCase()}:${count}] ${names.slice(0, 3).join(", ")}${more}${machineSuffix}${lateSuffix}`;
}

function formatAlert(alert: NotifiedAlert, now: number | undefined): string[] {
  const { labels, annotations, status } = alert;
  const name = cleanText(labels["alertname"] ?? "alert");
  const summary = truncateText(cleanText(annotations["summary"] ?? ""), MAX_FIELD);
  const severity = labels["severity"] === undefined ? "" : ` (${cleanText(labels["severity"])})`;
  const head = status === "firing" ? `● ${name}${severity}` : `○ ${name}${severity} is over`;
  const lines = [`${head}${summary === "" ? "" : `: ${summary}`}`, ...formatTimes(alert, now)];
  const others = Object.entries(labels).filter(([key]) => key !== "alertname" && key !== "severity");
  if (others.length > 0) {
    lines.push(`  ${truncateText(others.map(([key, value]) => cleanText(`${key}=${value}`)).join(" "), MAX_FIELD)}`);
  }
  // What is over needs no remedy.
  const help = alert.endsAt === null ? annotations : {};
  const remedy = cleanText(help["remedy"] ?? "");
  if (remedy !== "") lines.push(`  what to do: ${truncateText(remedy, MAX_FIELD)}`);
  const runbook = cleanText(help["runbook"] ?? "");
  if (runbook !== "") lines.push(`  runbook: ${truncateText(runbook, MAX_FIELD)}`);
  const { machine, library } = annotations;
  if (machine !== undefined) {
    lines.push(
      `  on ${truncateText(cleanText(machine), MAX_FIELD)}, library ${
        truncateText(cleanText(library ?? "unknown"), MAX_FIELD)
      }`,
    );
  }
  return lines;
}

/** Whether an alert has ended that the address is told of only now. */
function isLate({ status, endsAt }: NotifiedAlert): boolean {
  return status === "firing" && endsAt !== null;
}

function formatTimes(alert: NotifiedAlert, now: number | undefined): readonly string[] {
  const { status, startsAt, endsAt } = alert;
  const start = formatTime(startsAt);
  if (endsAt === null) {
    const lasts = now === undefined || now < startsAt ? "" : ` (${formatDuration(now - startsAt)})`;
    return [`  firing since ${start}${lasts}, ${formatValue(alert)}`];
  }
  const end = `ended ${formatTime(endsAt)} after ${formatDuration(Math.max(0, endsAt - startsAt))}`;
  if (status === "firing") return [`  fired ${start}, ${end}; sent late: this address did not accept it before`];
  return [`  ${end}, ${formatValue(alert)} at the end`, `  began ${start}`];
}

/** Format a time to the minute: `2026-01-01 00:00 UTC`. */
function formatTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function formatValue({ value, annotations }: NotifiedAlert): string {
  if (value === null || !Number.isFinite(value)) return "no data";
  return `value ${cleanText(annotations["value"] ?? String(Number(value.toPrecision(4))))}`;
}
