import type { AlertRule, AlertThreshold } from "../rules/alert_rule.ts";
import type { SloEntry } from "./alerts_schema.ts";
import { checkSplit, type KnownMetrics, toMilliseconds } from "./compile_rule.ts";
import { checkPlaceholders } from "./_check_placeholders.ts";
import type { Mistakes, YamlPath } from "../../config/mod.ts";
import { parseMetricValue } from "../rules/parse_metric_value.ts";

const HOUR_MS = 3_600_000;

/**
 * The two windows of a burn-rate alert. It fires when `share` of the error budget is used up in the long window and the
 * short window still exceeds the same limit.
 */
interface BurnPair {
  readonly share: number;
  readonly longMs: number;
  readonly shortMs: number;
}

const PAGE: readonly BurnPair[] = [
  { share: 0.02, longMs: HOUR_MS, shortMs: HOUR_MS / 12 },
  { share: 0.05, longMs: 6 * HOUR_MS, shortMs: HOUR_MS / 2 },
];
const TICKET: readonly BurnPair[] = [
  { share: 0.1, longMs: 24 * HOUR_MS, shortMs: 2 * HOUR_MS },
  { share: 0.1, longMs: 72 * HOUR_MS, shortMs: 6 * HOUR_MS },
];

/** Compile a service level into two rules: `Page` calls a person at once, `Ticket` can wait for the next day. */
export function compileSlo(
  entry: SloEntry,
  path: YamlPath,
  context: KnownMetrics & { readonly mistakes: Mistakes },
): readonly AlertRule[] {
  const { mistakes, metrics } = context;
  const ratio = readRatio(entry, path, mistakes);
  for (const key of ["metric", "of", "over"] as const) {
    const name = entry[key];
    if (name !== undefined && metrics !== null && !metrics.includes(name)) {
      mistakes.addUnknown([...path, key], "metric", name, metrics);
    }
  }
  const objective = mistakes.try([...path, "objective"], () => parseMetricValue("objective_ratio", entry.objective));
  if (objective !== undefined && !(objective > 0 && objective < 1)) {
    mistakes.add([...path, "objective"], "the objective must lie between 0% and 100%", { hint: "Write 99% or 0.99" });
  }
  const periodMs = toMilliseconds(entry.window, 720 * HOUR_MS);
  for (const metric of [entry.metric ?? [], entry.of ?? [], entry.over ?? []].flat()) {
    checkSplit(entry.by ?? [], [...path, "by"], { ...context, metric });
  }
  const labels = ["slo", ...Object.keys(entry.labels ?? {}), ...entry.by ?? []];
  checkPlaceholders(entry.annotations ?? {}, [...path, "annotations"], { labels, mistakes });
  if (ratio === undefined || objective === undefined) return [];
  const budget = exact(1 - objective);
  const rule = (kind: "Page" | "Ticket", pairs: readonly BurnPair[]): AlertRule => ({
    name: `${entry.name}${kind}`,
    group: `slo:${entry.name}`,
    intervalMs: 30_000,
    anyOf: pairs.map(({ share, longMs, shortMs }) => {
      const value = exact(exact(share * periodMs / longMs) * budget);
      const limit = (windowMs: number, minSamples: number): AlertThreshold => ({
        ...ratio,
        op: ">",
        value,
        windowMs,
        minSamples,
      });
      return [limit(longMs, entry.minEvents ?? 20), limit(shortMs, 1)];
    }),
    forMs: 0,
    keepFiringForMs: 0,
    onNoData: "ok",
    by: entry.by ?? [],
    severity: kind === "Page" ? entry.severities?.page ?? "critical" : entry.severities?.ticket ?? "warning",
    labels: { slo: entry.name, ...entry.labels },
    annotations: annotationsOf(entry, kind),
  });
  return [rule("Page", PAGE), rule("Ticket", TICKET)];
}

/** Remove the binary rounding error: 1 - 0.9 must be 0.1, so that a share of exactly the limit is not above it. */
function exact(value: number): number {
  return Number(value.toPrecision(12));
}

function readRatio(
  entry: SloEntry,
  path: YamlPath,
  mistakes: Mistakes,
): Pick<AlertThreshold, "metric" | "over"> | undefined {
  const { metric, of, over } = entry;
  if (metric !== undefined && of === undefined && over === undefined) return { metric };
  if (metric === undefined && of !== undefined && over !== undefined) return { metric: of, over };
  mistakes.add(path, `the objective "${entry.name}" needs "metric", or "of" and "over"`, {
    hint: "Write metric: error_rate, or the count of errors over the count of all",
  });
  return undefined;
}

function annotationsOf(entry: SloEntry, kind: "Page" | "Ticket"): AlertRule["annotations"] {
  const { summary, description, remedy, runbook } = entry.annotations ?? {};
  const speed = kind === "Page" ? "fast" : "slowly";
  return {
    summary: summary ??
      `${entry.name} uses up its error budget ${speed}: {{value}} in {{window}}, more than {{threshold}}`,
    ...description === undefined ? {} : { description },
    ...remedy === undefined ? {} : { remedy },
    ...runbook === undefined ? {} : { runbook },
  };
}
