import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "../../lib/base/mod.ts";
import { DOWNLOAD_METRICS, DownloadMeter } from "../../lib/downloader/mod.ts";
import { MetricJournal, MetricRegistry, prometheusName } from "../../lib/metrics/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { hasProgram } from "../helpers/has_program.ts";
import { writeRuns } from "../helpers/library/write_runs.ts";
import { startProgram } from "../helpers/start_program.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const isThere = await hasProgram("promtool", "--version");

/** The journal of an active run: every metric of the program with all its labels. */
async function beat(logs: string): Promise<void> {
  const registry = new MetricRegistry();
  const { instruments } = new DownloadMeter(registry);
  for (const instrument of Object.values(instruments)) {
    const labels = Object.fromEntries((instrument.definition.labels ?? []).map((label: string) => [label, "x"]));
    if (instrument.kind === "counter") instrument.add(1, labels);
    else if (instrument.kind === "gauge") instrument.set(1, labels);
    else instrument.record(1, labels);
  }
  await using journal = new MetricJournal(join(logs, "new"), registry);
  await journal.flush();
  // Without an end line the process counts as alive.
  await Deno.writeTextFile(join(logs, "metrics.jsonl"), await Deno.readTextFile(journal.path), { append: true });
}

/** The runs of a nightly job, the last of which could not fetch anything: every metric of the library has data. */
async function writeNights(library: string): Promise<void> {
  const now = Date.now();
  const refused = { exitCode: 5, key: "rejected", keyOrigin: "x" } as const;
  const reserveBytes = 1000 * 2 ** 40;
  const ends = [{}, {}, refused];
  await writeRuns(library, ends.map((end, night) => ({ at: now - (3 - night) * 86_400_000, reserveBytes, end })));
}

/** All metrics but the forecast of a disk that fills: the library of these tests is at its reserve already. */
const EXPECTED = DOWNLOAD_METRICS.filter(({ name }) => name !== "civitai_dl.disk.exhaustion");

/** Whether promtool reports no problem. */
async function assertProper(text: string): Promise<void> {
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
}

Deno.test({
  name: "deno task monitor serves /metrics that promtool accepts, with every metric (skipped without promtool)",
  ignore: !isThere,
  fn: () =>
    inTempDir(async (folder) => {
      const logs = join(folder, "logs");
      await Deno.mkdir(logs);
      await beat(logs);
      await writeNights(join(folder, "library"));
      const child = new Deno.Command(Deno.execPath(), {
        args: ["task", "-q", "--config", join(ROOT, "deno.json"), "monitor"].concat(
          [
            "--listen",
            "127.0.0.1:0",
            "--interval",
            "1s",
            "--offline",
            "--logs",
            logs,
            "--library",
            join(folder, "library"),
          ],
        ),
        cwd: folder,
        env: { XDG_CONFIG_HOME: folder },
        stdin: "null",
        stdout: "null",
        stderr: "piped",
      }).spawn();
      try {
        const url = await readAddress(child.stderr);
        // The counters since the start of the monitor, while a run is active.
        let text = "";
        while (!/^civitai_dl_api_requests_total\{/m.test(text) || !text.includes("civitai_dl_check_failing{")) {
          await beat(logs);
          await systemClock.sleep(200);
          text = await (await fetch(new URL("metrics", url))).text();
        }
        for (const definition of EXPECTED) assertStringIncludes(text, `# TYPE ${prometheusName(definition)} `);
        await assertProper(text);
      } finally {
        child.kill("SIGTERM");
        await child.status;
      }
    }),
});

/** The address that it prints once it listens. */
async function readAddress(stderr: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let said = "";
  for await (const piece of stderr.pipeThrough(new TextDecoderStream())) {
    said += piece;
    const found = /page at (\S+)/.exec(said);
    if (found !== null) return found[1]!;
  }
  throw new Error(`The monitor ended: ${said}`);
}

Deno.test({
  name: "collect-metrics --textfile writes what promtool accepts, with every gauge (skipped without promtool)",
  ignore: !isThere,
  fn: () =>
    inTempDir(async (folder) => {
      const logs = join(folder, "logs");
      await Deno.mkdir(logs);
      await beat(logs);
      await writeNights(join(folder, "library"));
      const path = join(folder, "civitai_dl.prom");
      const words = ["collect-metrics", "--logs", logs, "--library", join(folder, "library"), "--textfile", path];
      const { code, stderr } = await startProgram(words, { folder, env: {}, origins: ["http://127.0.0.1:1"] }).ended;
      assertEquals([code, stderr], [0, ""]);
      const text = await Deno.readTextFile(path);
      // Only a monitor runs the checks.
      const gauges = EXPECTED.filter(({ kind, name }) => kind === "gauge" && name !== "civitai_dl.check.failing");
      assert(gauges.length > 3);
      for (const definition of gauges) assertStringIncludes(text, `# TYPE ${prometheusName(definition)} `);
      await assertProper(text);
      // One byte, as the run set it; reports and rules use memory_usage_mb.
      assertStringIncludes(text, "\ncivitai_dl_memory_usage_bytes 1\n");
    }),
});
