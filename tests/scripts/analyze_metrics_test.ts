import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { DownloadMeter } from "../../lib/downloader/mod.ts";
import { MetricJournal, MetricRegistry } from "../../lib/metrics/mod.ts";
import { call } from "../helpers/call.ts";
import { runProgram } from "../helpers/run_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ITEM = { key: "a", kind: "file", path: "a", creator: "a", modelId: 1, versionId: 1, fileId: 1 } as const;

/** Write the journal of a run with one file. */
async function writeJournal(logs: string): Promise<void> {
  const registry = new MetricRegistry();
  const meter = new DownloadMeter(registry);
  const host = "b2.civitai.com";
  meter.record({ type: "start", item: ITEM, host, totalBytes: 1024, resumedBytes: 0 });
  meter.record({ type: "bytes", key: "a", count: 1024 });
  const end = { outcome: "done", bytes: 1024, durationMs: 40, failure: null, message: null } as const;
  meter.record({ type: "end", item: ITEM, host, ...end });
  await using _journal = new MetricJournal(logs, registry);
}

Deno.test("analyze-metrics shows rates, durations and counts", () =>
  inTempDir(async (folder) => {
    await writeJournal(folder);
    const { code, out, err } = await call(["analyze-metrics", "--timerange=1h", "--logs", folder]);
    assertEquals([code, err], [0, ""]);
    assertMatch(out, /^error_rate +all +0 % \(0 of 1\) +no data$/m);
    assertMatch(out, /^civitai_dl\.download\.count +host=b2\.civitai\.com, outcome=done +1 +0$/m);
    assertStringIncludes(out, "Note: No run wrote metrics in the period before");
    const json = await call(["analyze-metrics", "--logs", folder, "--json"]);
    assertEquals(JSON.parse(json.out).schema, "civitai-dl/metric-analysis");
  }));

Deno.test("analyze-metrics refuses what is no journal, and exits with 3 without metrics", () =>
  inTempDir(async (folder) => {
    const logs = join(folder, "logs");
    const typo = await call(["analyze-metrics", "--logs", logs]);
    assertEquals(typo.code, 2);
    assertStringIncludes(typo.err, `Cannot read "${logs}": no such folder`);
    await Deno.mkdir(logs);
    const none = await call(["analyze-metrics", "--logs", logs]);
    assertEquals(none.code, 3);
    assertMatch(none.out, /^No run wrote metrics from \S+ to \S+ \(1h\)\nNote: /);
    const path = join(logs, "metrics.jsonl");
    for (const content of ["\0\x01\x02\n".repeat(3), '{"foreign":true}\n{}\n[]\n']) {
      await Deno.writeTextFile(path, content);
      const foreign = await call(["analyze-metrics", "--logs", logs]);
      assertEquals([foreign.code, foreign.out], [2, ""]);
      assertStringIncludes(foreign.err, "not written by this program (3 lines)");
    }
    await Deno.remove(path);
    await Deno.mkdir(path);
    const shaped = await call(["analyze-metrics", "--logs", logs]);
    assertEquals(shaped.code, 2);
    assertStringIncludes(shaped.err, `Cannot read "${path}": it is a folder`);
    await Deno.remove(path);
    for (const range of ["0s", "soon", "-1h"]) {
      assertEquals((await call(["analyze-metrics", `--timerange=${range}`])).code, 2, range);
    }
  }));

Deno.test("analyze-metrics works with a corrupt library and journal", () =>
  inTempDir(async (folder) => {
    await Deno.mkdir(join(folder, "downloads/.civitai-dl"), { recursive: true });
    await Deno.writeTextFile(join(folder, "downloads/.civitai-dl/catalog.db"), "no database");
    await writeJournal(join(folder, "logs"));
    await Deno.writeTextFile(join(folder, "logs/metrics.jsonl"), "\0\0garbage{\n", { append: true });
    const options = { folder, env: { XDG_CONFIG_HOME: folder }, origins: ["http://127.0.0.1"] };
    const { code, stdout, stderr } = await runProgram(["analyze-metrics", "--json"], options);
    assertEquals(code, 0, stderr);
    assertEquals(JSON.parse(stdout).skipped.broken, 1);
  }));
