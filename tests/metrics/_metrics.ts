import { join } from "node:path";
import type {
  MetricDefinition,
  MetricFamily,
  MetricLine,
  MetricSeries,
  MetricWindow,
  WindowQuery,
} from "../../lib/metrics/mod.ts";

/** A counter of mails, by receiver. */
export const SENT: MetricDefinition = {
  name: "mail.sent",
  kind: "counter",
  unit: "{mail}",
  help: "Mails that went out",
  labels: ["to"],
};

/** A gauge. */
export const WAITING: MetricDefinition = { name: "mail.waiting", kind: "gauge", unit: "{mail}", help: "Mails to send" };

/** A histogram of three buckets and the rest. */
export const DELAY: MetricDefinition = {
  name: "mail.delay",
  kind: "histogram",
  unit: "s",
  help: "From writing to sending",
  bounds: [1, 10, 100],
};

/** The start of the tests. */
export const START = Date.UTC(2026, 0, 1);

/** A family as in a journal line. */
export function familyOf(definition: MetricDefinition, series: readonly MetricSeries[]): MetricFamily {
  return { ...definition, help: "", series };
}

/** A line of a process, the given milliseconds after the start. */
export function lineAt(ms: number, families: readonly MetricFamily[], more: Partial<MetricLine> = {}): MetricLine {
  return {
    schema: "civitai-dl/metrics",
    version: 1,
    time: new Date(START + ms).toISOString(),
    process: "1-1",
    spanMs: 10_000,
    end: false,
    families,
    ...more,
  };
}

/** A line with the given number of sent mails. */
export function sentAt(ms: number, value: number, more: Partial<MetricLine> = {}): MetricLine {
  return lineAt(ms, [familyOf(SENT, [{ labels: { to: "you" }, value }])], more);
}

/** Write a journal of lines and raw texts. */
export async function writeJournal(
  folder: string,
  lines: readonly (MetricLine | string)[],
  name = "metrics.jsonl",
): Promise<void> {
  const texts = lines.map((line) => typeof line === "string" ? line : JSON.stringify(line));
  await Deno.writeTextFile(join(folder, name), texts.map((text) => `${text}\n`).join(""));
}

/** The increase of all matching series of a counter together. */
export function increaseOf(window: MetricWindow, name: string, query: WindowQuery): number {
  return window.increasesBy(name, { ...query, by: [] })[0]?.increase ?? 0;
}
