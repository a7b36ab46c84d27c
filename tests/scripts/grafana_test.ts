import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { systemClock } from "../../lib/base/mod.ts";
import { asProgram, execute, Interruption, MemoryIo } from "../../lib/cli/mod.ts";
import { type DownloadEvent, DownloadMeter, recordFailsafe, recordProcess } from "../../lib/downloader/mod.ts";
import { Failsafe } from "../../lib/failsafe/mod.ts";
import { MetricJournal, MetricRegistry } from "../../lib/metrics/mod.ts";
import { grafanaDashboard } from "../../scripts/_docs/grafana_dashboard.ts";
import { command as monitor } from "../../scripts/monitor.ts";
import { hasProgram } from "../helpers/has_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const HOST = "b2.example";
const ROLLOUT = { type: "rollout", rollout: "turbo", reason: "3 of 3 canary downloads failed" } as const;

/** All queries, with Grafana's variables expanded like Grafana does. */
function expressions(): readonly string[] {
  const { panels = [] } = grafanaDashboard();
  return panels.flatMap((panel) => "targets" in panel ? panel.targets ?? [] : [])
    .map((target) => String(target.expr).replaceAll("$__rate_interval", "5m").replaceAll("$instance", ".*"));
}

/** A run with every instrument, composed like `_telemetry.ts`: one journal line each 200 ms. */
async function runAllMetrics(logs: string, state: string): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const failsafe = stack.use(await Failsafe.open(state, { steers: true }));
  failsafe.admit(HOST).finish({ type: "failed", failure: "timeout" });
  const registry = new MetricRegistry();
  const telemetry = new DownloadMeter(registry);
  stack.use(
    new MetricJournal(logs, registry, {
      everyMs: 200,
      async onTick() {
        recordFailsafe(telemetry.instruments, failsafe.status());
        await recordProcess(telemetry.instruments);
      },
    }),
  );
  const item = (key: string) => ({
    key,
    kind: "file" as const,
    path: `${key}.bin`,
    creator: null,
    modelId: 1,
    versionId: 1,
    fileId: 1,
  });
  const end = { type: "end", host: HOST, bytes: 5, durationMs: 900 } as const;
  const events: readonly DownloadEvent[] = [
    { type: "start", item: item("a"), host: HOST, totalBytes: 5, resumedBytes: 0 },
    { type: "bytes", key: "a", count: 5 },
    { type: "retry", item: item("a"), host: HOST, attempt: 1, waitMs: 1, failure: "timeout" },
    { ...end, item: item("a"), outcome: "done", failure: null, message: null },
    { type: "start", item: item("b"), host: HOST, totalBytes: 5, resumedBytes: 0 },
    { ...end, item: item("b"), outcome: "failed", failure: "timeout", message: "Cannot fetch it: nothing came" },
    { type: "limit", host: HOST, from: 4, to: 3, reason: "refused" },
    { type: "mode", from: "turbo", to: "parallel", reason: "r" },
    { ...ROLLOUT, action: "abort", by: "judge", from: "running", to: "degraded", weight: 0, isTrouble: true },
  ];
  for (const event of events) telemetry.record(event);
  telemetry.recordArm("canary", "error");
  telemetry.recordRequest({ url: "https://civitai.com/api/v1/models", status: 200, durationMs: 80 });
  return stack.move();
}

Deno.test({
  name: "every query of the Grafana dashboard is valid for promtool (skipped without promtool)",
  ignore: !await hasProgram("promtool", "--version"),
  fn: () =>
    inTempDir(async (folder) => {
      const rules = expressions().map((expr, index) => ({ record: `panel:${index}`, expr }));
      assert(rules.length > 20);
      const path = join(folder, "rules.yml");
      await Deno.writeTextFile(path, JSON.stringify({ groups: [{ name: "panels", rules }] }));
      const { success, stdout, stderr } = await new Deno.Command("promtool", { args: ["check", "rules", path] })
        .output();
      const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
      assert(success, said);
      assert(said.includes(`${rules.length} rules found`), said);
    }),
});

Deno.test("every metric of the Grafana dashboard exists in a running monitor, with rates only of counters", () =>
  inTempDir(async (folder) => {
    const logs = join(folder, "logs");
    const library = join(folder, "library");
    await Deno.mkdir(logs);
    const stop = new AbortController();
    const io = new MemoryIo();
    const argv = ["--listen", "127.0.0.1:0", "--interval", "1s", "--logs", logs, "--library", library];
    const running = execute(asProgram(monitor), argv, { io, env: () => undefined, signal: stop.signal });
    let url: string | undefined;
    while ((url = /page at (\S+)/.exec(io.err)?.[1]) === undefined) await systemClock.sleep(20);
    await using _run = await runAllMetrics(logs, join(folder, "state"));
    const used = new Set(expressions().flatMap((expr) => expr.match(/\b(?:civitai_dl|process)_[a-z0-9_]+/g) ?? []));
    let text = "";
    const missing = (): string[] =>
      [...used].filter((name) => !text.includes(`\n${name}{`) && !text.includes(`\n${name} `));
    for (const end = performance.now() + 20_000; performance.now() < end && (text === "" || missing().length > 0);) {
      await systemClock.sleep(100);
      text = await (await fetch(new URL("metrics", url))).text();
    }
    stop.abort(new Interruption("SIGINT"));
    await running;
    assertEquals(missing(), [], text);
    const typeOf = (name: string) => new RegExp(`^# TYPE ${name.replace(/_bucket$/, "")} (\\w+)$`, "m").exec(text)?.[1];
    for (const expr of expressions()) {
      for (const [, name] of expr.matchAll(/\brate\((\w+)/g)) {
        assertEquals([name, typeOf(name!)], [name, name!.endsWith("_bucket") ? "histogram" : "counter"]);
      }
    }
  }));

Deno.test("docs has the generated Grafana dashboard, and its panels do not overlap", async () => {
  const written = JSON.parse(await Deno.readTextFile(new URL("../../docs/grafana.json", import.meta.url)));
  const dashboard = grafanaDashboard();
  assertEquals(written, JSON.parse(JSON.stringify(dashboard)));
  const panels = (dashboard.panels ?? []).map((panel) => panel.gridPos!);
  for (const [index, one] of panels.entries()) {
    assert(one.x + one.w <= 24);
    for (const other of panels.slice(index + 1)) {
      const isApart = one.x + one.w <= other.x || other.x + other.w <= one.x || one.y + one.h <= other.y ||
        other.y + other.h <= one.y;
      assert(isApart, JSON.stringify([one, other]));
    }
  }
  assertEquals(new Set(dashboard.panels!.map(({ id }) => id)).size, panels.length);
});
