import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  DOWNLOAD_DERIVED,
  DOWNLOAD_METRICS,
  DownloadMeter,
  downloadMetric,
  LIBRARY_METRICS,
} from "../../../lib/downloader/mod.ts";
import { MetricRegistry, prometheusName, renderPrometheus } from "../../../lib/metrics/mod.ts";
import { hasProgram } from "../../helpers/has_program.ts";

Deno.test("DOWNLOAD_DERIVED names existing metrics with matching labels and kinds", () => {
  const kinds = { ratio: "counter", rate: "counter", gauge: "gauge", quantile: "histogram" } as const;
  for (const derived of DOWNLOAD_DERIVED) {
    for (const selector of [derived.of, ..."over" in derived ? [derived.over] : []]) {
      const definition = downloadMetric(selector.name);
      assertEquals(definition.kind, kinds[derived.kind], derived.name);
      const labels = [...Object.keys(selector.match ?? {}), ...derived.splitBy ?? []];
      for (const label of labels) assert(definition.labels?.includes(label), derived.name);
    }
  }
});

Deno.test("DOWNLOAD_DERIVED has the four specified metrics", () => {
  const names = new Set(DOWNLOAD_DERIVED.map(({ name }) => name));
  for (const name of ["error_rate", "timeout_rate", "memory_usage_mb", "disk_usage_percent"]) assert(names.has(name));
  assertEquals(names.size, DOWNLOAD_DERIVED.length);
});

Deno.test("downloadMetric() refuses an undefined name", () => {
  assertThrows(() => downloadMetric("civitai_dl.none"), TypeError, "civitai_dl.none");
});

Deno.test({
  name: "DOWNLOAD_METRICS pass promtool check metrics (skipped without promtool)",
  ignore: !await hasProgram("promtool", "--version"),
  async fn() {
    const registry = new MetricRegistry();
    const { instruments } = new DownloadMeter(registry);
    for (const instrument of Object.values(instruments)) {
      const labels = Object.fromEntries((instrument.definition.labels ?? []).map((label: string) => [label, "x"]));
      if (instrument.kind === "counter") instrument.add(1, labels);
      else if (instrument.kind === "gauge") instrument.set(1, labels);
      else instrument.record(1, labels);
    }
    for (const definition of LIBRARY_METRICS) {
      const labels = "labels" in definition ? definition.labels : [];
      registry.gauge(definition).set(1, Object.fromEntries(labels.map((label: string) => [label, "x"])));
    }
    const text = renderPrometheus(registry.snapshot());
    for (const definition of DOWNLOAD_METRICS) assert(text.includes(`# TYPE ${prometheusName(definition)} `));
    const child = new Deno.Command("promtool", {
      args: ["check", "metrics"],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    const decoder = new TextDecoder();
    assertEquals([code, decoder.decode(stdout), decoder.decode(stderr)], [0, "", ""]);
  },
});

/** The rows of the tables in a document of `docs/` that begin with code and have six cells, as those of metrics do. */
async function readRows(document: string): Promise<readonly (readonly string[])[]> {
  const page = await Deno.readTextFile(new URL(`../../../docs/${document}`, import.meta.url));
  return page.split("\n").filter((line) => line.startsWith("| `")).map((line) =>
    line.split("|").slice(1, -1).map((cell) => cell.trim())
  ).filter((cells) => cells.length === 6);
}

Deno.test("docs/metrics.md lists every metric with its Prometheus name, kind, unit and labels", async () => {
  const rows = await readRows("metrics.md");
  const expected = DOWNLOAD_METRICS.map((definition) => [
    `\`${definition.name}\``,
    `\`${prometheusName(definition)}\``,
    definition.kind,
    definition.unit === "" ? "" : `\`${definition.unit}\``,
    (definition.labels ?? []).map((label) => `\`${label}\``).join(", "),
    definition.help,
  ]);
  assertEquals(rows, expected);
});
