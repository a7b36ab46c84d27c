import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { asIs, KitError } from "../../lib/base/mod.ts";
import { judgeInstance } from "../../lib/health/checks/instance.ts";
import { judgeSilence } from "../../lib/health/checks/progress.ts";
import { defineDownloadMetrics, openLibrary, quotaFile } from "../../lib/downloader/mod.ts";
import { FailureError, FailureLog } from "../../lib/failsafe/mod.ts";
import { defineCheck, finding } from "../../lib/health/health_check.ts";
import { type HealthRow, runHealthChecks } from "../../lib/health/mod.ts";
import { findCause } from "../../lib/health/find_cause.ts";
import { type ProblemId, PROBLEMS } from "../../lib/problems/mod.ts";
import { MetricJournal, MetricRegistry } from "../../lib/metrics/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { check, clockAhead, placeOf } from "./_health_place.ts";

const ROOT = new URL("../../", import.meta.url);

/** Start a process that holds a library and reports progress, as a download does. */
async function startHolder(
  root: string,
): Promise<AsyncDisposable & { readonly pid: number; kill: Deno.ChildProcess["kill"] }> {
  const code = `
    import { ActiveSnapshot, openLibrary } from "${new URL("lib/downloader/mod.ts", ROOT)}";
    const [root] = Deno.args;
    using library = await openLibrary(root, { command: "download" });
    await using snapshot = new ActiveSnapshot(root + "/.civitai-dl/state/active");
    await Deno.stdout.write(new TextEncoder().encode("ready"));
    await new Promise((end) => setTimeout(end, 600_000));
  `;
  const script = join(root, "holder.ts");
  await Deno.writeTextFile(script, code);
  const config = new URL("deno.json", ROOT).pathname;
  const args = ["run", "-q", "-A", "--config", config, script, root];
  const child = new Deno.Command(Deno.execPath(), { args, stdin: "null", stdout: "piped", stderr: "inherit" }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  return {
    pid: child.pid,
    kill: (signal) => child.kill(signal),
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGKILL");
      } catch {
        // The test killed it.
      }
      await child.status;
      await reader.cancel();
    },
  };
}

Deno.test("instance names the process that holds the library, sees one that is stopped, and one that died", () =>
  inTempDir(async (root) => {
    assertEquals((await check("instance", placeOf(root))).measured, "no run has used this library yet");
    {
      await using holder = await startHolder(root);
      const alive = await check("instance", placeOf(root));
      assertEquals([alive.status, alive.figures.pid, alive.figures.command], ["ok", holder.pid, "download"]);
      holder.kill("SIGSTOP");
      const hung = await check("instance", placeOf(root, { clock: clockAhead(60_000) }));
      assertEquals([hung.status, hung.figures.pid], ["fail", holder.pid]);
      assertMatch(hung.measured, /no sign of life for 1m/);
      assertStringIncludes(hung.remedy!, `kill -CONT ${holder.pid}`);
      holder.kill("SIGCONT");
    }
    const dead = await check("instance", placeOf(root, { clock: clockAhead(60_000) }));
    assertEquals([dead.status, dead.measured], ["ok", "no run holds the library"]);
  }));

Deno.test("instance judges nothing of a command that reports no progress", () =>
  inTempDir(async (root) => {
    using _library = await openLibrary(root, { command: "verify" });
    const found = await check("instance", placeOf(root, { clock: clockAhead(3_600_000) }));
    assertEquals(found.status, "ok");
    assertStringIncludes(found.measured, "it reports no progress");
  }));

Deno.test("judgeInstance warns if every file waits for a host", () => {
  const lock = { isHeld: true, holder: { pid: 7, command: "download", since: "2026-01-01T00:00:00.000Z" } };
  const waiting = { reason: "server", ja: { reason: "サーバーエラー" }, until: "2026-01-01T00:10:00.000Z" };
  const file = { path: "a", host: null, bytes: 0, totalBytes: 9, bytesPerSecond: 0, connections: 1 };
  const active = { pid: 7, bytesPerSecond: 0, silence: null, hosts: [], run: null };
  const facts = { lock, aliveAtMs: 1000, nowMs: 2000 };
  const stuck = judgeInstance({ ...facts, active: { ...active, downloads: [{ ...file, waiting }] } });
  assertEquals([stuck.status, stuck.next], ["warn", "civitai-dl failsafe"]);
  const moving = judgeInstance({ ...facts, active: { ...active, downloads: [{ ...file, waiting: null }] } });
  assertEquals(moving.status, "ok");
});

Deno.test("judgeSilence names the hosts of the longest silence, since when, and how many files wait", () => {
  const since = "2026-01-01T02:10:00.000Z";
  const silence = { ms: 725_000, since, hosts: ["a.example", "b.example"], files: 8 };
  const active = { pid: 7, bytesPerSecond: 0, hosts: [], downloads: [], run: null };
  const processes = [{ ...active, silence: null }, { ...active, silence }];
  const found = judgeSilence(processes);
  assertEquals([found.status, found.figures.files], ["fail", 8]);
  assertEquals(found.measured.en, `no byte from a.example, b.example since ${since} (12m 5s), and 8 files wait`);
  assertEquals(judgeSilence(processes.slice(0, 1)).status, "ok");
});

/** A check that failed. */
function row(name: string, problem: ProblemId): HealthRow {
  const ja = { name, measured: name, advice: null };
  const words = { measured: name, remedy: null, afterwards: null, advice: null, ja };
  return { ...finding(problem, asIs(name)), ...words, name, durationMs: 1 };
}

Deno.test("findCause names the run that an outage ended, not the timeouts that it left behind", () => {
  const rows = [row("timeouts", "timeout"), row("runs", "run-failed"), row("storage", "connection")];
  assertEquals(findCause(rows)?.name, "storage");
  assertEquals(findCause(rows.slice(0, 2))?.name, "runs");
  assertEquals(findCause(rows.slice(0, 1))?.name, "timeouts");
});

Deno.test("findCause names what a run waits for before a host that gives no answer", () => {
  const rows = [row("storage", "timeout"), row("progress", "no-progress")];
  assertEquals(findCause(rows)?.name, "progress");
  // That nothing can be connected to is why nothing arrives.
  assertEquals(findCause([...rows, row("storage", "dns")])?.problem, "dns");
});

Deno.test("timeouts and memory come from the metrics that runs write", () =>
  inTempDir(async (root) => {
    const logs = join(root, "logs");
    assertEquals((await check("timeouts", placeOf(root))).status, "skipped");
    assertEquals((await check("memory", placeOf(root))).status, "skipped");
    const registry = new MetricRegistry();
    const instruments = defineDownloadMetrics(registry);
    await using journal = new MetricJournal(logs, registry);
    instruments.memory.set(3 * 2 ** 30);
    instruments.downloads.add(100, { host: "b2.civitai.com", outcome: "done" });
    instruments.timeouts.add(2, { host: "b2.civitai.com" });
    await journal.flush();
    const some = await check("timeouts", placeOf(root));
    assertEquals([some.status, some.figures.rate], ["fail", 0.02]);
    // A host that answered nobody is an outage, which no other timeout would have helped.
    instruments.timeouts.add(6, { host: "b2.civitai.com" });
    await journal.flush();
    const outage = Array.from({ length: 8 }, (_, index) =>
      JSON.stringify({
        time: new Date(Date.now() - 60_000 + index).toISOString(),
        outcome: "timeout",
        operation: "transfer",
        step: "headers",
        host: "b2.civitai.com",
        limitMs: 30_000,
        elapsedMs: 30_001,
        connectionAgeMs: 0,
        attempt: 1,
        streak: index + 1,
      }));
    await Deno.writeTextFile(join(logs, "timeouts.log"), `${outage.join("\n")}\n`);
    const over = await check("timeouts", placeOf(root));
    assertEquals([over.status, over.figures.rate, over.figures.outages], ["ok", 0, 8]);
    assertStringIncludes(over.measured, "without 8 timeouts of outages");
    assertEquals((await check("memory", placeOf(root))).status, "skipped");
    using _run = await openLibrary(root, { command: "download" });
    const memory = await check("memory", placeOf(root));
    assertEquals([memory.status, memory.figures.mebibytes], ["warn", 3072]);
    // The alert rules of this folder allow as much.
    assertEquals((await check("memory", placeOf(root, { memoryLimitMebibytes: 4096 }))).status, "ok");
  }));

Deno.test("quota fails after Civitai refused a link, and judges --quota by the counts of runs", () =>
  inTempDir(async (root) => {
    const logs = join(root, "logs");
    await Deno.mkdir(join(root, ".civitai-dl", "state"), { recursive: true });
    const buckets = [{ at: Date.now() - 600_000, links: 95, bytes: 997 }];
    await quotaFile(root).write({ limits: { links: null, bytes: null }, buckets });
    const limits = (links: number) => ({ limits: { links, bytes: null } });
    assertEquals((await check("quota", placeOf(root))).status, "ok");
    assertEquals((await check("quota", placeOf(root, limits(1000)))).status, "ok");
    assertEquals((await check("quota", placeOf(root, limits(100)))).status, "warn");
    const own = await check("quota", placeOf(root, limits(95)));
    assertEquals([own.status, own.problem], ["warn", "own-quota"]);
    assertStringIncludes(own.measured, "has room again at");
    assert(!(await check("quota", placeOf(root, limits(0)))).measured.includes("room again"));
    const nearly = await check("quota", placeOf(root, { limits: { links: null, bytes: 1000 } }));
    assertEquals(nearly.status, "warn");
    assertStringIncludes(nearly.measured, "99.7 % of --quota");
    const log = new FailureLog(logs, { version: "1.0.0" });
    log.write({ error: new FailureError("quota", "Cannot fetch it: the account's quota is used up") });
    log.write({ error: new FailureError("timeout", "Cannot fetch it: late") });
    const refused = await check("quota", placeOf(root));
    assertEquals([refused.status, refused.problem], ["fail", "quota"]);
    assertMatch(refused.measured, /^Civitai refused a link at 20/);
    // A day later the refusal says nothing any more.
    assertEquals((await check("quota", placeOf(root, { clock: clockAhead(90_000_000) }))).status, "ok");
  }));

Deno.test("runHealthChecks survives a check that throws and one that never ends", () =>
  inTempDir(async (root) => {
    const judge = () => finding("ok", asIs("fine"));
    const secret = "/secret/metrics.jsonl";
    const refusal = new Deno.errors.PermissionDenied(`Permission denied (os error 13): open '${secret}'`);
    const hinted = new KitError("usage", 'Cannot use "x" as the base URL', { hint: "Leave the password out" });
    const checks = [
      defineCheck({
        name: "throws",
        ja: "?",
        touches: "state",
        measure: () => Promise.reject(new Error("broken pipe")),
        judge,
      }),
      defineCheck({ name: "refused", ja: "?", touches: "state", measure: () => Promise.reject(refusal), judge }),
      defineCheck({ name: "hinted", ja: "?", touches: "state", measure: () => Promise.reject(hinted), judge }),
      defineCheck({
        name: "hangs",
        ja: "?",
        touches: "state",
        measure: () => new Promise<void>(() => {}),
        judge,
      }),
      defineCheck({ name: "works", ja: "?", touches: "state", measure: () => Promise.resolve(), judge }),
    ];
    const report = await runHealthChecks(placeOf(root), {
      checks,
      limitMs: 20,
    });
    assertEquals(report.checks.map(({ status, measured }) => [status, measured]), [
      ["fail", "broken pipe"],
      ["fail", `Cannot read "${secret}": this user may not`],
      ["fail", 'Cannot use "x" as the base URL'],
      ["fail", "no result within 20ms"],
      ["ok", "fine"],
    ]);
    assertEquals(report.checks.map(({ remedy, advice }) => [remedy, advice]).slice(0, 3), [
      ["civitai-dl doctor --only throws --verbose", null],
      ["civitai-dl doctor --only permissions", PROBLEMS.disk.en.remedy],
      ["civitai-dl doctor --only hinted", "Leave the password out"],
    ]);
    assertEquals(report.status, "fail");
  }));

Deno.test("runHealthChecks ends what a late check still does, and a check that hangs when it is cancelled", () =>
  inTempDir(async (root) => {
    const stop = new AbortController();
    const reason = new Error("stopped");
    const { promise: ended, resolve } = Promise.withResolvers<string>();
    const late = defineCheck({
      name: "late",
      ja: "?",
      touches: "state",
      measure: ({ signal }) =>
        new Promise<void>(() => signal.addEventListener("abort", () => resolve("late ended"), { once: true })),
      judge: () => finding("ok", asIs("fine")),
    });
    const hanging = defineCheck({
      name: "hangs",
      ja: "?",
      touches: "state",
      measure() {
        stop.abort(reason);
        return new Promise<void>(() => {});
      },
      judge: () => finding("ok", asIs("fine")),
    });
    const place = placeOf(root, { signal: stop.signal });
    const error = await runHealthChecks(place, { checks: [late, hanging], limitMs: 50 }).catch((error) => error);
    assertEquals([error, await ended], [reason, "late ended"]);
  }));
