import { bindOpenTelemetry, MetricRegistry } from "../../lib/metrics/mod.ts";
import { DELAY, SENT, WAITING } from "./_metrics.ts";

/** A process that records, exports by OpenTelemetry, and runs until its standard input ends. */
const registry = new MetricRegistry();
const sent = registry.counter(SENT);
// Earlier counts are exported.
sent.add(2, { to: "you" });
using _binding = await bindOpenTelemetry(registry, { meterName: "post", version: "1.2.3" });
// Instruments defined later are exported too.
const delay = registry.histogram({ ...DELAY, labels: ["to"] });
registry.gauge(WAITING).set(7);
sent.add(3, { to: "you" });
for (const value of [0.5, 5, 50]) delay.record(value, { to: "you" });
for await (const _ of Deno.stdin.readable);
