import type { Meter } from "@opentelemetry/api";
import type { Instrument, MetricRegistry } from "./metric_registry.ts";
import type { MetricLabels } from "../metric_snapshot.ts";

/** Options of {@linkcode bindOpenTelemetry}. */
export interface BindOpenTelemetryOptions {
  /** Name of the instrumentation scope. */
  readonly meterName: string;
  /** Version of the instrumentation scope. */
  readonly version: string;
}

/** Key of the global object in which OpenTelemetry's API stores what a runtime or an SDK has registered. */
const API = Symbol.for("opentelemetry.js.api.1");

/**
 * Forward a registry's current and future instruments to OpenTelemetry: first the current values of counters and
 * gauges, then each recorded value. In Deno, `OTEL_DENO=true` starts the exporter. If no meter is registered, this does
 * nothing and imports nothing.
 *
 * @param registry The registry to forward
 * @param options Name and version of the scope
 * @returns A disposable that stops the forwarding
 *
 * @example
 * ```ts
 * import { bindOpenTelemetry, MetricRegistry } from "@civitai-dl/civitai-dl/metrics";
 *
 * const registry = new MetricRegistry();
 * // With OTEL_DENO=true in the environment, Deno exports what the registry records.
 * using _binding = await bindOpenTelemetry(registry, { meterName: "mail", version: "1.0.0" });
 * registry.counter({ name: "mail.sent", kind: "counter", unit: "{mail}", help: "Mails that were sent" }).add(1);
 * ```
 */
export async function bindOpenTelemetry(
  registry: MetricRegistry,
  options: BindOpenTelemetryOptions,
): Promise<Disposable> {
  const { meterName, version } = options;
  const stack = new DisposableStack();
  if (!isMeterRegistered()) return stack;
  const { metrics } = await import("@opentelemetry/api");
  const meter = metrics.getMeter(meterName, version);
  stack.use(registry.watch((instrument) => stack.use(bindInstrument(meter, instrument))));
  return stack;
}

function isMeterRegistered(): boolean {
  const registered = (globalThis as Record<symbol, unknown>)[API];
  return typeof registered === "object" && registered !== null && "metrics" in registered;
}

/**
 * Push each value instead of letting OpenTelemetry read it when it collects. Deno's last export no longer calls the
 * program, so the final values would be lost.
 */
function bindInstrument(meter: Meter, instrument: Instrument): Disposable {
  const pass = passTo(meter, instrument);
  const attributes = new WeakMap<MetricLabels, MetricLabels>();
  const listener = (value: number, labels: MetricLabels): void => {
    let own = attributes.get(labels);
    if (own === undefined) attributes.set(labels, own = withoutEmpty(labels));
    pass(value, own);
  };
  if (instrument.kind !== "histogram") { for (const { labels, value } of instrument.series()) listener(value, labels); }
  return instrument.mirror(listener);
}

function passTo(meter: Meter, instrument: Instrument): (value: number, attributes: MetricLabels) => void {
  const { name, unit, help: description } = instrument.definition;
  if (instrument.kind === "counter") {
    const counter = meter.createCounter(name, { unit, description });
    return (value, attributes) => counter.add(value, attributes);
  }
  if (instrument.kind === "gauge") {
    const gauge = meter.createGauge(name, { unit, description });
    return (value, attributes) => gauge.record(value, attributes);
  }
  const advice = { explicitBucketBoundaries: [...instrument.bounds] };
  const histogram = meter.createHistogram(name, { unit, description, advice });
  return (value, attributes) => histogram.record(value, attributes);
}

/** Drop empty labels, which are the same as absent ones. */
function withoutEmpty(labels: MetricLabels): MetricLabels {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ""));
}
