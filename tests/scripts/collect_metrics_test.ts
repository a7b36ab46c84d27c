import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { DownloadMeter, type EventItem, type ItemOutcome, recordProcess } from "../../lib/downloader/mod.ts";
import type { FailureClass } from "../../lib/failsafe/mod.ts";
import { MetricJournal, MetricRegistry } from "../../lib/metrics/mod.ts";
import { startProgram } from "../helpers/start_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { call } from "../helpers/call.ts";

const ITEM: EventItem = { key: "", kind: "file", path: "a", creator: "a", modelId: 1, versionId: 1, fileId: 1 };

/** Record downloads by outcome, and write the journal of a live process. */
async function record(logs: string, ends: readonly (readonly [ItemOutcome, FailureClass | null])[]): Promise<void> {
  const registry = new MetricRegistry();
  const meter = new DownloadMeter(registry);
  for (const [index, [outcome, failure]] of ends.entries()) {
    const item = { ...ITEM, key: `${index}` };
    meter.record({ type: "start", item, host: "storage.example", totalBytes: 1024, resumedBytes: 0 });
    meter.record({ type: "bytes", key: item.key, count: 1024 });
    meter.record({
      type: "end",
      item,
      host: "storage.example",
      outcome,
      bytes: 1024,
      durationMs: 40,
      failure,
      message: failure,
    });
  }
  const onTick = () => recordProcess(meter.instruments, { rss: () => 512 * 1024 ** 2 });
  const journal = new MetricJournal(logs, registry, { onTick });
  await journal.flush();
  const [alive] = (await Deno.readTextFile(journal.path)).split("\n");
  await journal[Symbol.asyncDispose]();
  // Without an end line the process counts as alive.
  await Deno.writeTextFile(journal.path, `${alive}\n`);
}

const NINETEEN_OF_TWENTY: readonly (readonly [ItemOutcome, FailureClass | null])[] = [
  ...Array.from({ length: 19 }, () => ["done", null] as const),
  ["failed", "timeout"],
  ["already there", null],
];

Deno.test("collect-metrics reports the four specified metrics and writes logs/metrics-YYYYMMDD-HHMM.json", () =>
  inTempDir(async (folder) => {
    const logs = join(folder, "logs");
    await record(logs, NINETEEN_OF_TWENTY);
    const { code, out, err } = await call(["collect-metrics", "--logs", logs, "--library", join(folder, "new")]);
    assertEquals([code, err], [0, ""]);
    assertMatch(out, /^error_rate +5\.00 % +20$/m);
    assertMatch(out, /^timeout_rate +5\.00 % +20$/m);
    assertMatch(out, /^memory_usage_mb +512 +1$/m);
    assertMatch(out, /^disk_usage_percent +\d+\.\d % +1$/m);
    assertMatch(out, /^Last 5m.*: 1 process running, 1 journal line; .* free on disk$/m);
    const names = await Array.fromAsync(Deno.readDir(logs), ({ name }) => name);
    const [name] = names.filter((one) => /^metrics-\d{8}-\d{4}\.json$/.test(one));
    assert(name !== undefined, names.join());
    assertStringIncludes(out, `Written: ${join(logs, name)}`);
    const report = JSON.parse(await Deno.readTextFile(join(logs, name)));
    assertEquals([report.schema, report.version], ["civitai-dl/metrics-report", 1]);
    assertEquals(name, `metrics-${report.time.slice(0, 16).replaceAll(/[-:]/g, "").replace("T", "-")}.json`);
    assertEquals([report.metrics.error_rate, report.metrics.timeout_rate, report.metrics.memory_usage_mb], [
      0.05,
      0.05,
      512,
    ]);
    // Once as a ratio.
    assert(Math.abs(report.metrics.disk_usage_percent! - report.disk.usedPercent) < 1e-9);
  }));

Deno.test("collect-metrics reports missing data, never zero, and exits with 0", () =>
  inTempDir(async (folder) => {
    const logs = join(folder, "logs");
    const { code, out, err } = await call(["collect-metrics", "--logs", logs, "--library", folder, "--window", "1h"]);
    assertEquals(code, 0);
    assertMatch(out, /^error_rate +no data +0$/m);
    assertMatch(out, /^memory_usage_mb +no data +0$/m);
    assertStringIncludes(err, `No run wrote metrics to "${logs}" in this window`);
  }));

Deno.test("collect-metrics writes to the given path, also for Prometheus, and warns of skipped lines", () =>
  inTempDir(async (folder) => {
    const logs = join(folder, "logs");
    await record(logs, NINETEEN_OF_TWENTY);
    await Deno.writeTextFile(join(logs, "metrics.jsonl"), "rubbish\n", { append: true });
    const [report, again, textfile] = ["a.json", "new/b.json", "c.prom"].map((name) => join(folder, name));
    const words = ["-o", report!, "-o", again!, "--textfile", textfile!, "--logs", logs, "--library", folder, "--json"];
    const { code, out, err } = await call(["collect-metrics", ...words]);
    assertEquals([code, err], [0, `warning: left out lines of the journal in "${logs}": 1 broken\n`]);
    const { files, ...document } = JSON.parse(out);
    assertEquals(files, [report, again, textfile]);
    assertEquals(JSON.parse(await Deno.readTextFile(report!)), document);
    assertEquals(await Deno.readTextFile(again!), await Deno.readTextFile(report!));
    const text = await Deno.readTextFile(textfile!);
    assertStringIncludes(text, "\ncivitai_dl_error_rate 0.05\n");
    assertMatch(text, /\nprocess_memory_usage_bytes\{process="\d+-\d+"\} 536870912\n/);
  }));

Deno.test("collect-metrics keeps the newest reports and touches no other file", () =>
  inTempDir(async (logs) => {
    const others = ["metrics-2020.json", "metrics.jsonl", "metrics-20200101-0000.json.bak"];
    for (const name of ["metrics-20200101-0000.json", "metrics-20200101-0001.json", ...others]) {
      await Deno.writeTextFile(join(logs, name), "");
    }
    const words = ["--logs", logs, "--library", logs];
    await call(["collect-metrics", ...words, "--keep", "2"]);
    const names = await Array.fromAsync(Deno.readDir(logs), ({ name }) => name);
    const kept = names.filter((name) => !others.includes(name)).toSorted();
    assertEquals([kept.length, kept[0], names.length], [2, "metrics-20200101-0001.json", 5]);
    await call(["collect-metrics", ...words, "--keep", "1", "-o", join(logs, "own.json")]);
    assert((await Deno.stat(join(logs, "metrics-20200101-0001.json"))).isFile);
  }));

Deno.test("collect-metrics exits with 2 for wrong flags, and with 4 if it cannot write", () =>
  inTempDir(async (folder) => {
    assertEquals((await call(["collect-metrics", "--window", "0s"])).code, 2);
    assertEquals((await call(["collect-metrics", "--window", "soon"])).code, 2);
    await Deno.writeTextFile(join(folder, "file"), "");
    const words = ["--logs", folder, "--library", folder, "-o", join(folder, "file", "report.json")];
    const { code, err } = await call(["collect-metrics", ...words]);
    assertEquals(code, 4);
    assertStringIncludes(err, "Cannot write");
    assertStringIncludes(err, "Pass --output with a path in a writable folder");
    const textfile = ["--logs", folder, "--library", folder, "--textfile", join(folder, "file", "c.prom")];
    const other = await call(["collect-metrics", ...textfile]);
    assertEquals(other.code, 4);
    assertStringIncludes(other.err, "Pass --textfile with a path in a writable folder");
  }));

Deno.test("collect-metrics uses the configured library, whose output is no report", () =>
  inTempDir(async (folder) => {
    const config = join(folder, "my.yml");
    const logs = join(folder, "logs");
    await Deno.writeTextFile(config, `output: ${join(folder, "library")}\n`);
    const { code, out } = await call(["collect-metrics", "--config", config, "--logs", logs, "--json"]);
    assertEquals(code, 0);
    assertMatch(JSON.parse(out).files.join(), /metrics-\d{8}-\d{4}\.json$/);
    const own = join(folder, "own.json");
    await Deno.writeTextFile(config, `output: elsewhere\ncollect-metrics:\n  output: [${own}]\n`);
    const second = await call(["collect-metrics", "--config", config, "--logs", logs, "--json"]);
    assertEquals(JSON.parse(second.out).files, [own]);
  }));

Deno.test("collect-metrics runs as a process with the permissions of its task", () =>
  inTempDir(async (folder) => {
    await record(join(folder, "logs"), NINETEEN_OF_TWENTY);
    const run = startProgram(["collect-metrics"], { folder, env: {}, origins: ["http://127.0.0.1:1"] });
    const { code, stdout, stderr } = await run.ended;
    assertEquals([code, stderr], [0, ""]);
    assertMatch(stdout, /^error_rate +5\.00 % +20$/m);
    assertMatch(stdout, /^Written: logs\/metrics-\d{8}-\d{4}\.json$/m);
  }));

Deno.test("collect-metrics refuses a textfile that node_exporter would ignore, and writes nothing", () =>
  inTempDir(async (folder) => {
    const logs = join(folder, "logs");
    const run = await call([
      "collect-metrics",
      "--logs",
      logs,
      "--library",
      folder,
      "--textfile",
      join(folder, "x.txt"),
    ]);
    assertEquals([run.code, run.out], [2, ""]);
    assertStringIncludes(run.err, "only files that end with .prom");
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).length, 0);
  }));
