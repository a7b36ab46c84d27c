import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { bindOpenTelemetry, MetricRegistry } from "../../../lib/metrics/mod.ts";
import { DELAY, SENT } from "../_metrics.ts";
import { attributesOf, type OtlpMetric, startOtlpReceiver } from "../../helpers/servers/otlp_receiver.ts";

/** The recording program, exporting to a port. */
function programFor(
  port: number,
  env: Readonly<Record<string, string>>,
  stdin: "piped" | "null" = "piped",
): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", fileURLToPath(new URL("../_telemetry_program.ts", import.meta.url))],
    env: {
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      NO_PROXY: "127.0.0.1",
      ...env,
    },
    stdin,
    stdout: "null",
    stderr: "piped",
  });
}

Deno.test("bindOpenTelemetry() exports names, units, attributes and values to an OTLP receiver", async () => {
  await using receiver = startOtlpReceiver("post", 3);
  const child = programFor(receiver.port, { OTEL_METRIC_EXPORT_INTERVAL: "100" }).spawn();
  const output = child.stderr.pipeThrough(new TextDecoderStream());
  const stderr = Array.fromAsync(output).then((pieces) => pieces.join(""));
  const ended = Promise.all([child.status, stderr]).then(([, text]) => {
    throw new Error(`The program ended early: ${text}`);
  });
  const { version, metrics } = await Promise.race([receiver.metrics, ended]);
  const sent = metrics.get("mail.sent");
  assertEquals([version, sent?.unit, sent?.description, sent?.sum?.isMonotonic], [
    "1.2.3",
    "{mail}",
    "Mails that went out",
    true,
  ]);
  assertEquals(sent?.sum?.dataPoints.length, 1);
  assertEquals([sent?.sum?.dataPoints[0]?.asDouble, attributesOf(sent?.sum?.dataPoints[0])], [5, { to: "you" }]);
  const waiting = metrics.get("mail.waiting");
  assertEquals([waiting?.unit, waiting?.gauge?.dataPoints[0]?.asDouble], ["{mail}", 7]);
  const delay = metrics.get("mail.delay");
  const point = delay?.histogram?.dataPoints[0];
  assertEquals([delay?.unit, Number(point?.count), point?.sum, attributesOf(point)], ["s", 3, 55.5, { to: "you" }]);
  assertEquals(point?.explicitBounds, [1, 10, 100]);
  assertEquals(point?.bucketCounts?.map(Number), [1, 1, 1, 0]);
  await child.stdin.close();
  await ended.catch(() => {});
  assert((await child.status).success);
});

Deno.test("bindOpenTelemetry() exports everything from a program that ends at once", async () => {
  await using receiver = startOtlpReceiver("post", 3);
  const { success, stderr } = await programFor(receiver.port, {}, "null").output();
  assert(success, new TextDecoder().decode(stderr));
  // Either it arrived before the program ended, or never.
  const received = await Promise.race([receiver.metrics, Promise.resolve(null)]);
  const metrics = received?.metrics ?? new Map<string, OtlpMetric>();
  assertEquals(metrics.get("mail.sent")?.sum?.dataPoints[0]?.asDouble, 5);
  assertEquals(metrics.get("mail.waiting")?.gauge?.dataPoints[0]?.asDouble, 7);
  assertEquals(Number(metrics.get("mail.delay")?.histogram?.dataPoints[0]?.count), 3);
});

Deno.test("bindOpenTelemetry() does nothing without a registered meter", async () => {
  const registry = new MetricRegistry();
  using _binding = await bindOpenTelemetry(registry, { meterName: "post", version: "1.2.3" });
  const delay = registry.histogram(DELAY);
  registry.counter(SENT).add(1);
  delay.record(1);
  assertEquals(delay.series()[0]?.count, 1);
});
