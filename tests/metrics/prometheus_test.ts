import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import {
  type MetricDefinition,
  MetricRegistry,
  prometheusName,
  renderPrometheus,
  writeTextfile,
} from "../../lib/metrics/mod.ts";
import { hasProgram } from "../helpers/has_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { DELAY, SENT, WAITING } from "./_metrics.ts";

const NAMES: readonly (readonly [name: string, kind: MetricDefinition["kind"], unit: string, expected: string])[] = [
  ["civitai_dl.download.duration", "histogram", "s", "civitai_dl_download_duration_seconds"],
  ["civitai_dl.download.count", "counter", "{download}", "civitai_dl_download_count_total"],
  ["civitai_dl.download.bytes", "counter", "By", "civitai_dl_download_bytes_total"],
  ["process.memory.usage", "gauge", "By", "process_memory_usage_bytes"],
  ["civitai_dl.disk.utilization", "gauge", "1", "civitai_dl_disk_utilization_ratio"],
  ["a.total", "counter", "1", "a_total"],
  ["net.speed", "gauge", "By/s", "net_speed_bytes_per_second"],
  ["load", "gauge", "%", "load_percent"],
  ["state", "gauge", "", "state"],
  ["wait_seconds", "gauge", "s", "wait_seconds"],
];

for (const [name, kind, unit, expected] of NAMES) {
  Deno.test(`prometheusName() maps ${kind} ${name} [${unit}] to ${expected}`, () => {
    assertEquals(prometheusName({ name, kind, unit }), expected);
  });
}

/** One of each kind, with texts that need escapes. */
function sample(): MetricRegistry {
  const registry = new MetricRegistry();
  registry.counter({ ...SENT, help: 'With \\ and "quotes"' }).add(3, { to: 'a "b" \\ c' });
  registry.gauge(WAITING).set(0.25);
  const delay = registry.histogram(DELAY);
  for (const value of [0.5, 5, 1000]) delay.record(value);
  return registry;
}

Deno.test("renderPrometheus() writes the text format with escapes, types and cumulative buckets", () => {
  assertEquals(
    renderPrometheus(sample().snapshot()),
    String.raw`# HELP mail_sent_total With \\ and "quotes"
# TYPE mail_sent_total counter
mail_sent_total{to="a \"b\" \\ c"} 3
# HELP mail_waiting Mails to send
# TYPE mail_waiting gauge
mail_waiting 0.25
# HELP mail_delay_seconds From writing to sending
# TYPE mail_delay_seconds histogram
mail_delay_seconds_bucket{le="1"} 1
mail_delay_seconds_bucket{le="10"} 2
mail_delay_seconds_bucket{le="100"} 2
mail_delay_seconds_bucket{le="+Inf"} 3
mail_delay_seconds_sum 1005.5
mail_delay_seconds_count 3
`,
  );
});

Deno.test("renderPrometheus() omits families without a series, and a second one with the same name", () => {
  const registry = new MetricRegistry();
  registry.define(DELAY);
  registry.counter({ ...SENT, name: "mail.sent", labels: [] }).add(1);
  registry.counter({ ...SENT, name: "mail_sent", labels: [] }).add(2);
  assertEquals(
    renderPrometheus(registry.snapshot()),
    "# HELP mail_sent_total Mails that went out\n# TYPE mail_sent_total counter\nmail_sent_total 1\n",
  );
  assertEquals(renderPrometheus({ families: [] }), "");
});

Deno.test({
  name: "renderPrometheus() passes promtool check metrics (skipped without promtool)",
  ignore: !await hasProgram("promtool", "--version"),
  async fn() {
    const child = new Deno.Command("promtool", {
      args: ["check", "metrics"],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(renderPrometheus(sample().snapshot())));
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    const text = new TextDecoder();
    assertEquals([code, text.decode(stdout), text.decode(stderr)], [0, "", ""]);
  },
});

Deno.test("writeTextfile() replaces the whole file, readable for all, and leaves nothing beside it", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "mail.prom");
    await Deno.writeTextFile(path, "old", { mode: 0o600 });
    await writeTextfile(path, sample().snapshot());
    assertEquals(await Deno.readTextFile(path), renderPrometheus(sample().snapshot()));
    if (Deno.build.os !== "windows") assertEquals((await Deno.stat(path)).mode! & 0o777, 0o644);
    const names = await Array.fromAsync(Deno.readDir(folder), (entry) => entry.name);
    assert(names.length === 1, names.join());
  }));
