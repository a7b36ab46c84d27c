import type { MetricDefinition } from "./instruments/metric_definition.ts";

/** Prometheus unit names by UCUM symbol. */
const UNITS: Readonly<Record<string, string>> = {
  d: "days",
  h: "hours",
  min: "minutes",
  s: "seconds",
  ms: "milliseconds",
  us: "microseconds",
  By: "bytes",
  KiBy: "kibibytes",
  MiBy: "mebibytes",
  GiBy: "gibibytes",
  Cel: "celsius",
  Hz: "hertz",
  "%": "percent",
};
/** Unit names after "per", which are singular. */
const PER: Readonly<Record<string, string>> = { s: "second", m: "minute", min: "minute", h: "hour", d: "day" };

/**
 * Convert the name of a metric to a Prometheus name by OpenTelemetry's rules: underscores replace dots, the unit is
 * spelled out unless the name contains it, a gauge with the unit 1 ends in `_ratio`, and a counter ends in `_total`.
 *
 * @param definition Name, kind and unit
 * @returns The name, without the suffixes `_bucket`, `_sum` and `_count`
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { prometheusName } from "@civitai-dl/civitai-dl/metrics";
 *
 * assertEquals(prometheusName({ name: "mail.duration", kind: "histogram", unit: "s" }), "mail_duration_seconds");
 * assertEquals(prometheusName({ name: "mail.sent", kind: "counter", unit: "{mail}" }), "mail_sent_total");
 * ```
 */
export function prometheusName(definition: Pick<MetricDefinition, "name" | "kind" | "unit">): string {
  const { name, kind, unit } = definition;
  const isCounter = kind === "counter";
  const words = name.split(/[._]+/).filter((word) => word !== "" && !(isCounter && word === "total"));
  for (const word of unitWords(unit, kind)) if (!words.includes(word)) words.push(word);
  if (isCounter) words.push("total");
  return words.join("_");
}

function unitWords(unit: string, kind: MetricDefinition["kind"]): readonly string[] {
  if (unit === "1") return kind === "gauge" ? ["ratio"] : [];
  const [main = "", per] = unit.split("/");
  const isCount = main === "" || main.startsWith("{");
  const words = isCount ? [] : [UNITS[main] ?? main.toLowerCase()];
  return per === undefined ? words : [...words, "per", PER[per] ?? per.toLowerCase()];
}
