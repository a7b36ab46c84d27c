import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "node:path";
import { parseAlertsConfig } from "../../lib/alerts/mod.ts";
import { KitError } from "../../lib/base/mod.ts";
import { DOWNLOAD_DERIVED, DOWNLOAD_METRICS, downloadMetric, openLibrary } from "../../lib/downloader/mod.ts";
import { openMonitor, type OpenMonitorOptions, runMonitorOnce, unknownChecks } from "../../lib/monitor/mod.ts";
import { append } from "../helpers/rotate.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const FAILING = { definition: downloadMetric("civitai_dl.check.failing"), series: [] };

/** Options of a monitor below a folder, and what it says. */
function optionsFor(
  folder: string,
  changes: Partial<OpenMonitorOptions> = {},
): { readonly options: OpenMonitorOptions; readonly said: string[] } {
  const said: string[] = [];
  const options: OpenMonitorOptions = {
    library: join(folder, "library"),
    logs: join(folder, "logs"),
    only: "log",
    tickMs: 1000,
    receiversMs: Infinity,
    known: undefined,
    alerts: undefined,
    audience: undefined,
    checks: () => unknownChecks(["api"], FAILING),
    readTotals: () => Promise.reject(new Error("There is no catalog")),
    nameCommands: (text) => text,
    onWarning: (message) => said.push(message),
    onMode: ({ to }) => said.push(`mode ${to}`),
    onAdvice: ({ problem }) => said.push(`advice ${problem}`),
    onGone: () => said.push("gone"),
    onBack: (_, { isSame }) => said.push(isSame ? "back" : "another"),
    ...changes,
  };
  return { options, said };
}

/** Rules about the checks, and a receiver that notes what it gets. */
function alertsFor(said: string[]): NonNullable<OpenMonitorOptions["alerts"]> {
  const config = parseAlertsConfig(`
rules:
  - { alert: Unwell, metric: health_check_failing, value: 0, severity: critical, annotations: { summary: It is unwell } }
receivers: ["stdout:"]
`);
  return {
    config,
    table: { definitions: DOWNLOAD_METRICS, derived: DOWNLOAD_DERIVED, find: downloadMetric },
    measureRollout: () => Promise.resolve({ definition: downloadMetric("civitai_dl.rollouts.stopped"), series: [] }),
    receivers: [{
      description: "a note",
      send: ({ status }) => Promise.resolve(void said.push(`${status} sent`)),
    }],
    onEvent: ({ type }) => said.push(type),
  };
}

Deno.test("openMonitor() evaluates the rules, notifies, and explains the log, without a process of its own", () =>
  inTempDir(async (folder) => {
    const { options: plain, said } = optionsFor(folder, { only: undefined });
    const checks: OpenMonitorOptions["checks"] = () => ({
      ...unknownChecks(["api"], FAILING),
      read: () => [{ labels: { check: "api" }, value: 1, samples: 1 }],
    });
    const options = { ...plain, checks, alerts: alertsFor(said) };
    await using monitor = await openMonitor(options);
    // The first look finds the end of the log, from which the later ones go on.
    assertEquals((await runMonitorOnce(monitor.work)).firing, 1);
    const line = { level: "ERROR", type: "end", outcome: "failed", failure: "timeout", message: "no answer" };
    await append(join(options.logs, "download.log"), `${JSON.stringify(line)}\n`);
    const { firing, lines, issues } = await runMonitorOnce(monitor.work);
    assertEquals([firing, lines, issues], [1, 1, 1]);
    assertEquals(said, ["change", "firing sent", "sent", "advice timeout"]);
    const journal = await Deno.readTextFile(join(options.logs, "monitor.jsonl"));
    assertMatch(journal, /^\{"time":".*","type":"alert","state":"firing","rule":"Unwell",.*\}\n$/);
    await assertRejects(() => openMonitor(options), KitError, "held by");
  }));

Deno.test("openMonitor() tells its audience of changes, and has sources that know the alerts", () =>
  inTempDir(async (folder) => {
    let changes = 0;
    const audience = { isPresent: () => true, onChange: () => void changes++ };
    const { options, said } = optionsFor(folder, { only: "metrics", audience });
    await using monitor = await openMonitor({ ...options, alerts: alertsFor(said) });
    await runMonitorOnce(monitor.work, { only: "metrics" });
    assertEquals(changes, 1);
    const { status, metricsText, health } = monitor.sources;
    const { alerts, checks, gone } = await status();
    // A check that is not known is neither good nor bad.
    assertEquals([alerts, checks, gone], [[], null, null]);
    assertMatch(await metricsText(), /^civitai_dl_undelivered_notifications 0$/m);
    assertEquals(health().reason, null);
  }));

Deno.test("openMonitor() tells once that the library is gone and that it is back, and writes nothing in its place", () =>
  inTempDir(async (folder) => {
    const { options, said } = optionsFor(folder);
    const { library } = options;
    (await openLibrary(library, { command: "test" }))[Symbol.dispose]();
    await using monitor = await openMonitor(options);
    const moved = join(folder, "moved");
    await Deno.rename(library, moved);
    await Deno.mkdir(library);
    for (let times = 0; times < 2; times++) await runMonitorOnce(monitor.work, { only: "log" });
    assertEquals(await Array.fromAsync(Deno.readDir(library)), []);
    await Deno.remove(library);
    await Deno.rename(moved, library);
    for (let times = 0; times < 2; times++) await runMonitorOnce(monitor.work, { only: "log" });
    assertEquals(said, ["gone", "back"]);
  }));
