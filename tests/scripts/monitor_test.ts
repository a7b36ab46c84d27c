import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Command, execute, Interruption, MemoryIo } from "../../lib/cli/mod.ts";
import { systemClock } from "../../lib/base/mod.ts";
import { scriptProgram } from "../../scripts/_frame/run_script.ts";
import { command as handleIssue } from "../../scripts/handle_issue.ts";
import { command as monitor } from "../../scripts/monitor.ts";
import { ListeningIo } from "../helpers/listening_io.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { append, rotate } from "../helpers/rotate.ts";
import { type PingServer, startPingServer } from "./_ping_server.ts";

const SCRIPT = fileURLToPath(new URL("../../scripts/monitor.ts", import.meta.url));
const RULES = `version: 1
rules:
  - alert: DiskFull
    metric: disk_usage_percent
    op: ">"
    value: LIMIT%
    severity: critical
    annotations: {summary: "The disk is full"}
receivers: ["file://OUTBOX"]
`;

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Run a command in this process. */
async function run(
  command: Command,
  argv: readonly string[],
  options: { readonly signal?: AbortSignal; readonly io?: MemoryIo } = {},
): Promise<Ran> {
  const { signal, io = new MemoryIo() } = options;
  const code = await execute(scriptProgram(command), argv, { io, env: () => undefined, signal });
  return { code, out: io.out, err: io.err };
}

interface Place {
  readonly folder: string;
  readonly log: string;
  /** The arguments of a monitor of this place. */
  readonly words: readonly string[];
  readonly state: (name: string) => string;
  /** Replace the rules: the disk alert fires above the given percentage. */
  setLimit(percent: number): Promise<void>;
  /** Start a real monitor. */
  start(...args: readonly string[]): Deno.ChildProcess;
}

function atPlace(story: (place: Place) => Promise<void>): Promise<void> {
  return inTempDir(async (folder) => {
    const [rules, logs, library] = ["alerts.yml", "logs", "library"].map((name) => join(folder, name));
    const words = ["--offline", "--config", rules!, "--logs", logs!, "--library", library!];
    const setLimit = (percent: number) =>
      Deno.writeTextFile(rules!, RULES.replace("LIMIT", `${percent}`).replace("OUTBOX", join(folder, "outbox.jsonl")));
    await setLimit(100);
    await Deno.mkdir(logs!);
    await Deno.mkdir(join(library!, ".civitai-dl"), { recursive: true });
    await Deno.writeTextFile(join(library!, ".civitai-dl", "catalog.db"), "");
    await story({
      folder,
      words,
      setLimit,
      log: join(logs!, "download.log"),
      state: (name) => join(library!, ".civitai-dl", "state", name),
      start: (...args) =>
        new Deno.Command(Deno.execPath(), {
          args: ["run", "-q", "--no-prompt", "-A", SCRIPT, ...args, ...words],
          cwd: folder,
          env: { XDG_CONFIG_HOME: folder },
          stdin: "null",
          stdout: "piped",
          stderr: "piped",
        }).spawn(),
    });
  });
}

const failed = (failure: string, path = "models/a.bin"): string =>
  `${
    JSON.stringify({
      time: "2026-01-02T00:00:00.000Z",
      level: "ERROR",
      type: "end",
      outcome: "failed",
      failure,
      item: { path },
      message: `Cannot fetch it: ${failure}`,
    })
  }\n`;

Deno.test("handle-issue prints class, meaning and remedy", async () => {
  const { code, out } = await run(handleIssue, ["--log-line", failed("early-access").trim()]);
  assertEquals(code, 0);
  assertEquals(
    out,
    "Problem: early-access (failed)\nFile:    models/a.bin\nMessage: Cannot fetch it: early-access\n" +
      "Meaning: The file is available only to paying users, until a date or permanently\n" +
      "To do:   Wait until it is free: a later run fetches it then; or buy access on the site\n" +
      "Next:    civitai-dl list --state deferred\n" +
      "More:    civitai-dl doctor early-access (docs/runbook/early-access.md)\n",
  );
});

Deno.test("handle-issue exits with 0 for an unrecognized line and reports it", async () => {
  for (const line of ["all is well", "\u0001\ufffd{", "--", '{"level":"INFO"}']) {
    const { code, out, err } = await run(handleIssue, [`--log-line=${line}`]);
    assertEquals([code, out, err], [0, "Not recognized: the line reports no known problem\n", ""]);
  }
});

Deno.test("handle-issue --json prints one document; without a line the usage is wrong", async () => {
  const document = JSON.parse((await run(handleIssue, ["--json", "--log-line", "ERROR TIMEOUT"])).out);
  assertEquals([document.version, document.type, document.problem], [1, "problem", "timeout"]);
  assertEquals((await run(handleIssue, [])).code, 2);
});

Deno.test("monitor --once measures, evaluates and notifies; its exit code shows whether an alert fires", () =>
  atPlace(async ({ folder, words, setLimit, state, log }) => {
    await append(log, "");
    const well = await run(monitor, ["--once", ...words]);
    assertEquals([well.code, well.err], [0, ""]);
    assertMatch(well.out, /^1 tick .*; 0 alerts fire\n$/);
    await setLimit(0);
    const bad = await run(monitor, ["--once", "--json", ...words]);
    assertEquals(bad.code, 1, bad.err);
    assertEquals(JSON.parse(bad.out).firing, 1);
    assertStringIncludes(await Deno.readTextFile(join(folder, "outbox.jsonl")), "The disk is full");
    const again = await run(monitor, ["--once", ...words]);
    assertEquals(again.code, 1);
    // Sent once.
    assertEquals((await Deno.readTextFile(join(folder, "outbox.jsonl"))).trim().split("\n").length, 1);
    const names = (await Array.fromAsync(Deno.readDir(join(folder, "logs")))).map((entry) => entry.name);
    assert(names.some((name) => /^metrics-\d{8}-\d{4}\.json$/.test(name)));
    await Deno.stat(state("alerts.json"));
  }));

Deno.test("monitor refuses a folder without a library, because a mistake would stay unnoticed", () =>
  atPlace(async ({ folder, words }) => {
    const library = join(folder, "typo");
    const logs = join(folder, "logs");
    const { code, err } = await run(monitor, ["--once", ...words, "--library", library]);
    assertEquals(code, 0);
    assertEquals(
      err,
      `warning: There is no library at "${library}" yet\nwarning: No run wrote logs to "${logs}" yet\n`,
    );
  }));

Deno.test("monitor --once reports what is new in the log since the last time, across rotations", () =>
  atPlace(async ({ words, log, state }) => {
    const look = () => run(monitor, ["--once", "--only", "log", ...words]);
    await append(log, failed("disk"));
    assertEquals(await look(), { code: 0, err: "", out: outOf({ lines: "0 lines", issues: "0 issues" }) });
    await append(log, failed("timeout") + failed("timeout") + failed("integrity"));
    await rotate(log);
    await append(log, '{"level":"INFO"}\n' + failed("dns", ""));
    const { out, err } = await look();
    assertEquals(out, outOf({ lines: "5 lines", issues: "4 issues" }));
    assertEquals(err.split("\n").filter((line) => line.startsWith("Issue detected")), [
      "Issue detected: timeout: models/a.bin: Cannot fetch it: timeout",
      "Issue detected: integrity: models/a.bin: Cannot fetch it: integrity",
      "Issue detected: dns: Cannot fetch it: dns",
    ]);
    assertStringIncludes(err, "see docs/runbook/integrity.md");
    assertEquals((await look()).out, outOf({ lines: "0 lines", issues: "0 issues" }));
    const { schema, logs } = JSON.parse(await Deno.readTextFile(state("monitor.json")));
    assertEquals([schema, Object.keys(logs)], ["civitai-dl/monitor", [log]]);
  }));

function outOf({ lines, issues }: { readonly lines: string; readonly issues: string }): string {
  return `1 tick (0 left out, 0 failed, at most 0 ms late), ${lines}, ${issues}\n`;
}

Deno.test("monitor reports each mode change once, and notifies nobody: a step up or down is no alert", () =>
  atPlace(async ({ folder, words, log }) => {
    const look = () => run(monitor, ["--once", ...words]);
    await look();
    for (const [from, to] of [["turbo", "parallel"], ["stable", "paused"]]) {
      await append(log, `${JSON.stringify({ level: "WARN", type: "mode", from, to, reason: "it failed" })}\n`);
    }
    const { err } = await look();
    assertStringIncludes(err, "Engine mode: turbo → parallel: it failed\n");
    await look();
    assertEquals(await Deno.stat(join(folder, "outbox.jsonl")).catch(() => null), null);
  }));

Deno.test("monitor moves a broken state aside, and keeps one of a newer version", () =>
  atPlace(async ({ words, state, log }) => {
    await append(log, failed("disk"));
    await Deno.mkdir(join(state("."), ""), { recursive: true });
    await Deno.writeTextFile(state("monitor.json"), "{");
    const first = await run(monitor, ["--once", "--only", "log", ...words]);
    assertEquals(first.code, 0);
    assertStringIncludes(first.err, "moved to");
    const newer = JSON.stringify({ schema: "civitai-dl/monitor", version: 9, logs: {} });
    await Deno.writeTextFile(state("monitor.json"), newer);
    const second = await run(monitor, ["--once", "--only", "log", ...words]);
    assertEquals(second.code, 4);
    assertStringIncludes(second.err, "a later version of civitai-dl wrote it");
    assertEquals(await Deno.readTextFile(state("monitor.json")), newer);
  }));

Deno.test("monitor exits with 2 for unusable rules and reports the place", () =>
  atPlace(async ({ folder, words }) => {
    await Deno.writeTextFile(join(folder, "alerts.yml"), "rules:\n  - nmae: x\n");
    const { code, err } = await run(monitor, ["--once", ...words]);
    assertEquals(code, 2);
    assertMatch(err, /alerts\.yml:2:5/);
    const missing = await run(monitor, ["--once", "--config", join(folder, "none.yml")]);
    assertEquals(missing.code, 2);
  }));

Deno.test("monitor refuses a second follower of the same log, but measures beside it", () =>
  atPlace(async ({ words }) => {
    const stop = new AbortController();
    const io = new ListeningIo(/Watching/);
    const first = run(monitor, ["--only", "log", ...words], { signal: stop.signal, io });
    // A process that ends before it watches must not block the test.
    await Promise.race([io.heard, first]);
    const second = await run(monitor, ["--once", ...words]);
    assertEquals(second.code, 4);
    assertStringIncludes(second.err, 'held by "monitor"');
    assertEquals((await run(monitor, ["--once", "--only", "metrics", ...words])).code, 0);
    stop.abort(new Interruption("SIGTERM"));
    assertEquals((await first).code, 143);
  }));

function journalLine(count: number): string {
  const series = [{ labels: { host: "h", outcome: "done" }, value: count }];
  return `${
    JSON.stringify({
      schema: "civitai-dl/metrics",
      version: 1,
      time: new Date().toISOString(),
      process: "1-1",
      spanMs: 10_000,
      end: false,
      families: [{ name: "civitai_dl.download.count", kind: "counter", unit: "{download}", series }],
    })
  }\n`;
}

Deno.test("monitor --listen serves the status", () =>
  atPlace(async ({ words, log, state }) => {
    await append(log, failed("stall"));
    const step = { type: "mode", from: "turbo", to: "parallel", reason: "the breaker of b2.example opened" };
    await append(log, `${JSON.stringify({ time: new Date().toISOString(), level: "WARN", ...step })}\n`);
    await Deno.mkdir(state("active"), { recursive: true });
    await Deno.writeTextFile(
      state("active/1.json"),
      JSON.stringify({
        schema: "civitai-dl/active",
        version: 1,
        time: new Date().toISOString(),
        pid: 1,
        bytesPerSecond: 7,
        downloads: [{ path: "b.bin", host: "h", bytes: 1, totalBytes: 2, bytesPerSecond: 7, connections: 1 }],
      }),
    );
    // Earlier counts are in no total.
    await append(join(dirname(log), "metrics.jsonl"), journalLine(100));
    const stop = new AbortController();
    const io = new ListeningIo(/page at (\S+)/);
    const running = run(monitor, ["--listen", "127.0.0.1:0", "--interval", "1s", ...words], {
      signal: stop.signal,
      io,
    });
    const url = String(await Promise.race([io.heard, running]));
    const ask = async (path: string) => await (await fetch(new URL(path, url))).text();
    // The catalog of this place is empty although runs left their state, which hides only its own content.
    assertStringIncludes(
      io.err,
      `warning: Cannot open library "${join(dirname(dirname(log)), "library")}": its catalog is empty`,
    );
    let status = JSON.parse(await ask("api/v1/status"));
    assertEquals(status.library, null);
    assertEquals([status.schema, status.failures[0].class, status.downloads[0].path, status.processes], [
      ...["civitai-dl/status", "stall", "b.bin", 1],
    ]);
    assertEquals(status.events.map(({ type, to }: Record<string, string>) => [type, to]), [["mode", "parallel"]]);
    assertEquals(status.source.library, join(dirname(dirname(log)), "library"));
    assert(status.source.machine.length > 0);
    while (status.throughput.history.length < 3) {
      await systemClock.sleep(50);
      status = JSON.parse(await ask("api/v1/status"));
    }
    assertEquals(status.throughput.history.at(-1), 7);
    assertStringIncludes(await ask("metrics"), "civitai_dl_disk_usage_percent");
    // The counters that Prometheus reads, from now on.
    await append(join(dirname(log), "metrics.jsonl"), journalLine(3));
    let text = "";
    while (!text.includes("download_count_total{")) {
      await systemClock.sleep(50);
      text = await ask("metrics");
    }
    assertStringIncludes(text, '\ncivitai_dl_download_count_total{host="h",outcome="done"} 3\n');
    assertEquals(JSON.parse(await ask("healthz")).isHealthy ?? true, true);
    stop.abort(new Interruption("SIGINT"));
    assertEquals((await running).code, 130);
  }));

Deno.test("monitor counts a notification that a receiver does not answer, and waits for it in no tick", () =>
  atPlace(async ({ folder, words, setLimit }) => {
    const received: string[] = [];
    const { promise: end, resolve } = Promise.withResolvers<Response>();
    await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
      received.push(await request.text());
      return await end;
    });
    await setLimit(0);
    const rules = join(folder, "alerts.yml");
    const hook = `json://127.0.0.1:${server.addr.port}/hook`;
    await Deno.writeTextFile(rules, (await Deno.readTextFile(rules)).replace(/file:\/\/[^"]+/, hook));
    const stop = new AbortController();
    const io = new ListeningIo(/page at (\S+)/);
    const argv = ["--listen", "127.0.0.1:0", "--interval", "1s", ...words];
    const running = run(monitor, argv, { signal: stop.signal, io });
    const url = String(await Promise.race([io.heard, running]));
    const ask = async (path: string) => await (await fetch(new URL(path, url))).text();
    assertEquals(JSON.parse(await ask("api/v1/status")).undelivered, []);
    // The attempt ends without an answer after 20 s.
    let status = JSON.parse(await ask("api/v1/status"));
    while (status.undelivered.length === 0) {
      await systemClock.sleep(100);
      status = JSON.parse(await ask("api/v1/status"));
    }
    assertEquals(status.undelivered[0].state, "unanswered");
    assert(status.throughput.history.length > 10, "ticks waited for the receiver");
    assertStringIncludes(await ask("metrics"), "\ncivitai_dl_undelivered_notifications 1\n");
    assertEquals(received.length, 1);
    resolve(new Response());
    stop.abort(new Interruption("SIGINT"));
    assertEquals((await running).code, 130);
  }));

Deno.test("monitor --listen shows the alerts of the night after a restart", () =>
  atPlace(async ({ words, setLimit, log }) => {
    /** Serve until the document has a firing or resolved alert, and return the states of its events. */
    const statesOf = async (count: number): Promise<readonly string[]> => {
      const stop = new AbortController();
      const io = new ListeningIo(/page at (\S+)/);
      const argv = ["--listen", "127.0.0.1:0", "--interval", "1s", ...words];
      const running = run(monitor, argv, { signal: stop.signal, io });
      const url = new URL("api/v1/status", String(await Promise.race([io.heard, running])));
      let events: { readonly state: string; readonly summary: string }[] = [];
      while (events.length < count) {
        events = JSON.parse(await (await fetch(url)).text()).events;
        await systemClock.sleep(20);
      }
      stop.abort(new Interruption("SIGINT"));
      await running;
      return events.map(({ state, summary }) => `${state}: ${summary}`);
    };
    await setLimit(0);
    assertEquals(await statesOf(1), ["firing: The disk is full"]);
    await setLimit(100);
    const night = await statesOf(2);
    assertEquals(night.toSorted(), ["firing: The disk is full", "resolved: The disk is full"]);
    // Only the journal of it remains.
    await Deno.remove(join(words.at(-1)!, ".civitai-dl", "state"), { recursive: true });
    assertEquals(await statesOf(2), night);
    const journal = join(dirname(log), "monitor.jsonl");
    assertEquals((await Deno.readTextFile(journal)).trim().split("\n").length, 2);
    if (Deno.build.os !== "windows") assertEquals((await Deno.stat(journal)).mode! & 0o077, 0);
  }));

/** The output of a child that has ended. */
async function endOf(child: Deno.ChildProcess): Promise<Ran> {
  const { code, stdout, stderr } = await child.output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

function withPings(story: (place: Place, pings: PingServer) => Promise<void>): Promise<void> {
  return atPlace(async (place) => {
    await using pings = startPingServer();
    await story(place, pings);
  });
}

const POSIX = { ignore: Deno.build.os === "windows" };

Deno.test(
  "monitor finishes its tick when it is stopped, stores its position and reports its exit status",
  POSIX,
  () =>
    withPings(async ({ start, log, state }, pings) => {
      await append(log, failed("disk"));
      const child = start("--interval", "1s", "--heartbeat", pings.url);
      await pings.reached(3);
      await append(log, failed("timeout"));
      child.kill("SIGTERM");
      const { code, out, err } = await endOf(child);
      assertEquals(code, 143, err);
      assertStringIncludes(err, "Issue detected: timeout");
      assertMatch(out, /^\d+ ticks .* 1 line, 1 issue; 0 alerts fire\n$/);
      const kinds = pings.pings.map((ping) => ping.what);
      assertEquals([kinds[0], kinds[1], kinds.at(-1)], ["/start", "", "/0"]);
      const { logs } = JSON.parse(await Deno.readTextFile(state("monitor.json")));
      assertEquals(logs[log].at(-1).offset, (await Deno.stat(log)).size);
    }),
);

Deno.test(
  "monitor reports nothing when it is killed, so that its heartbeat becomes late",
  POSIX,
  () =>
    withPings(async ({ start, log }, pings) => {
      await append(log, "");
      const child = start("--interval", "1s", "--heartbeat", pings.url);
      const ended = endOf(child);
      await pings.reached(4);
      child.kill("SIGKILL");
      await ended;
      const { length } = pings.pings;
      assert(pings.pings.slice(1).every((ping) => ping.what === ""), JSON.stringify(pings.pings));
      // Period and grace: a second each.
      await systemClock.sleep(2000);
      assertEquals(pings.pings.length, length);
      // The lock of the dead process does not block the next one.
      const next = start("--once", "--heartbeat", pings.url);
      assertEquals((await endOf(next)).code, 0);
      assertEquals(pings.pings.slice(length).map((ping) => ping.what), ["/start", "/0"]);
    }),
);

Deno.test(
  "monitor reports a failed tick to the heartbeat, and the next successful one",
  POSIX,
  () =>
    withPings(async ({ start, folder }, pings) => {
      const logs = join(folder, "logs");
      const child = start("--only", "metrics", "--interval", "1s", "--heartbeat", pings.url);
      await pings.reached(2);
      // A file has the path of the reports' folder.
      await Deno.rename(logs, `${logs}.away`);
      await Deno.writeTextFile(logs, "");
      const until = async (what: string, from: number): Promise<number> => {
        for (let count = from;; count++) {
          await pings.reached(count + 1);
          if (pings.pings[count]!.what === what) return count;
        }
      };
      const at = await until("/fail", 2);
      assertMatch(pings.pings[at]!.body, /logs/);
      await Deno.remove(logs);
      await Deno.rename(`${logs}.away`, logs);
      await until("", at);
      child.kill("SIGINT");
      const { code, err } = await endOf(child);
      assertEquals(code, 130);
      assertStringIncludes(err, "A tick failed");
      assertEquals(pings.pings.at(-1)!.what, "/0");
    }),
);
