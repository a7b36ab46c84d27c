import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { program as lazyProgram } from "../../cli.ts";
import { execute, loadProgram, MemoryIo } from "../../lib/cli/mod.ts";
import { configFor, readConfigFile } from "../../scripts/_frame/settings/config_file.ts";
import { renderAlertStatus } from "../../scripts/_alerts/render_alerts.ts";
import { BROKEN_MEANING, BROKEN_SHAPE } from "../helpers/broken_rules.ts";
import { runProgram } from "../helpers/run_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { call, type Called } from "../helpers/call.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SHIPPED = join(ROOT, "config", "alerts.yml");
const BROKEN = join(ROOT, "tests", "alerts", "broken");

/** A journal of one process with downloads of the last ten seconds, of which some failed or timed out. */
function lineOf(counts: { readonly done: number; readonly failed: number; readonly timeouts?: number }): string {
  const { done, failed, timeouts = 0 } = counts;
  const family = (name: string, series: readonly object[], kind = "counter", unit = "{download}") => ({
    name,
    kind,
    unit,
    help: "",
    series,
  });
  const value = (labels: object, count: number) => ({ labels: { host: "cdn", ...labels }, value: count });
  return `${
    JSON.stringify({
      schema: "civitai-dl/metrics",
      version: 1,
      time: new Date().toISOString(),
      process: "1-1",
      spanMs: 10_000,
      end: false,
      families: [
        family("civitai_dl.download.count", [value({ outcome: "done" }, done), value({ outcome: "failed" }, failed)]),
        family("civitai_dl.download.errors", [value({ class: "server" }, failed)]),
        family("civitai_dl.download.timeouts", [value({}, timeouts)]),
        family("process.memory.usage", [{ labels: {}, value: 300 * 2 ** 20 }], "gauge", "By"),
      ],
    })
  }\n`;
}

interface AlertsPlace {
  readonly folder: string;
  readonly config: string;
  readonly outbox: string;
  /** Write rules with `for: 0`, without the disk's rule, and with a file as receiver. */
  run(args: readonly string[]): Promise<Called>;
  write(counts: Parameters<typeof lineOf>[0]): Promise<void>;
}

/** The shipped rules without waits, and with a receiver in the folder. */
async function atPlace(story: (place: AlertsPlace) => Promise<void>): Promise<void> {
  await inTempDir(async (folder) => {
    const [config, logs, outbox] = ["alerts.yml", "logs", "outbox.jsonl"].map((name) => join(folder, name));
    const text = (await Deno.readTextFile(SHIPPED)).replaceAll(/^ +for: .*\n/gm, "").replaceAll(
      "value: 90%",
      "value: 100%",
    )
      .replace("file:logs/alerts.jsonl", `file://${outbox}`);
    await Deno.writeTextFile(config!, text);
    await Deno.mkdir(logs!);
    await story({
      folder,
      config: config!,
      outbox: outbox!,
      run: (args) => call([...args, "--config", config!, "--library", join(folder, "library"), "--logs", logs!]),
      write: (counts) => Deno.writeTextFile(join(logs!, "metrics.jsonl"), lineOf(counts), { append: true }),
    });
  });
}

Deno.test("check-alerts exits with 0 or with 1 if an alert fires, and notifies the receivers once", () =>
  atPlace(async ({ run, write, outbox, folder }) => {
    await write({ done: 100, failed: 0 });
    const none = await run(["check-alerts"]);
    assertEquals([none.code, none.err], [0, ""]);
    assertMatch(none.out, /^0 alerts fire; \d+ rules, 0 silences; evaluated /);
    await write({ done: 0, failed: 5, timeouts: 5 });
    const firing = await run(["check-alerts"]);
    assertEquals(firing.code, 1);
    assertMatch(firing.out, /firing {2}critical {2}HighTimeoutRate {2}since .* UTC\n {2}High timeout rate: 4.76 % of/);
    assertStringIncludes(firing.out, "\n  what to do: Look at the network; if one host");
    assertStringIncludes(firing.err, `Notified file:`);
    const again = await run(["check-alerts", "--json"]);
    const { alerts, sent, schema } = JSON.parse(again.out);
    assertEquals([again.code, schema, sent, alerts[0].rule], [1, "civitai-dl/check-alerts", 0, "HighTimeoutRate"]);
    assertEquals((await Deno.readTextFile(outbox)).trim().split("\n").length, 1);
    const entries = await Array.fromAsync(Deno.readDir(join(folder, "library", ".civitai-dl", "state")));
    const state = entries.map((entry) => entry.name);
    assertEquals(state.toSorted(), ["alerts.json", "alerts.lock"]);
  }));

Deno.test("alerts status and check-alerts show a notification that a receiver refused, with the time of the next try", () =>
  atPlace(async ({ run, write, config, outbox }) => {
    // The receiver's file is below a file: it cannot be written until that is gone.
    await Deno.writeTextFile(outbox, "");
    await Deno.writeTextFile(config, (await Deno.readTextFile(config)).replaceAll(outbox, `${outbox}/alerts.jsonl`));
    await write({ done: 100, failed: 50, timeouts: 50 });
    const checked = await run(["check-alerts", "--json"]);
    const { failed, undelivered } = JSON.parse(checked.out);
    assertEquals([failed, undelivered.length, undelivered[0].alerts, undelivered[0].state], [
      1,
      1,
      ["HighTimeoutRate"],
      "waiting",
    ]);
    const { out } = await run(["alerts", "status"]);
    assertMatch(
      out,
      /\nnot delivered {2}file:.+alerts\.jsonl: HighTimeoutRate\n {2}since .+ UTC; next try .+ UTC: Cannot/,
    );
    assertMatch(out, /\n2 alerts fire, 1 notification not delivered; \d+ rules/);
  }));

for (const [file, place, says] of [...BROKEN_MEANING, ...BROKEN_SHAPE]) {
  Deno.test(`check-alerts exits with 2 for ${file}, with line and column`, () =>
    inTempDir(async (folder) => {
      const path = join(BROKEN, file);
      const { code, out, err } = await call(["check-alerts", "--config", path, "--library", folder]);
      assertEquals([code, out], [2, ""]);
      assertStringIncludes(err, `error: Cannot use ${path}:${place}: `);
      assertStringIncludes(err, says);
      assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
    }));
}

Deno.test("check-alerts exits with 2 for 10 MB without reading them, and for a missing file", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "alerts.yml");
    {
      using file = await Deno.create(path);
      await file.truncate(10_000_000);
    }
    const large = await call(["check-alerts", "--config", path, "--library", folder]);
    assertEquals(large.code, 2);
    assertStringIncludes(large.err, "alerts.yml:1:1: the file is too large: 10000000 bytes");
    const none = await call(["check-alerts", "--config", join(folder, "none.yml")]);
    assertEquals([none.code, none.err.includes("no such file")], [2, true]);
    assertEquals((await call(["check-alerts", "--config", folder])).code, 2);
  }));

Deno.test("check-alerts exits with 2 and reports the place, as a process", () =>
  inTempDir(async (folder) => {
    const path = join(BROKEN, "unknown_key.yml");
    const options = { folder, env: { XDG_CONFIG_HOME: folder }, origins: ["http://127.0.0.1"] };
    const run = await runProgram(["check-alerts", `--config=${path}`], options);
    assertEquals([run.code, run.stdout], [2, ""]);
    assertStringIncludes(run.stderr, `${path}:7:5: unknown key "windw"`);
    assertStringIncludes(run.stderr, 'hint: Did you mean "window"?');
  }));

Deno.test("check-alerts applies the program's own configuration if --config names rules", () =>
  atPlace(async ({ folder, config, write }) => {
    await write({ done: 100, failed: 50 });
    const own = join(folder, "civitai-dl");
    await Deno.mkdir(own);
    const settings = `check-alerts:\n  logs: ${join(folder, "logs")}\n  library: ${join(folder, "library")}\n`;
    await Deno.writeTextFile(join(own, "civitai-dl.yml"), settings);
    const env = (name: string) => name === "XDG_CONFIG_HOME" ? folder : undefined;
    const program = await loadProgram(lazyProgram);
    const io = new MemoryIo();
    const code = await execute(program, ["check-alerts", "--config", config], {
      env,
      io,
      async loadConfig(command, path) {
        const file = await readConfigFile(path, env);
        return file === null ? undefined : configFor(file, command);
      },
    });
    assertEquals([code, io.err.includes("HighErrorRate")], [1, true]);
  }));

Deno.test("alerts silence adds, lists and expires silences", () =>
  atPlace(async ({ run, write, outbox }) => {
    await write({ done: 100, failed: 50, timeouts: 50 });
    const words = ["alerts", "silence", "add", "HighTimeoutRate", "HealthCheckFailing:clock", "--for", "2h"];
    const added = JSON.parse((await run([...words, "--comment", "moving house", "--json"])).out);
    assertEquals(added.silences.map(({ name }: { readonly name: string }) => name), [
      "HealthCheckFailing:clock",
      "HighTimeoutRate",
    ]);
    assertEquals((await run(["check-alerts"])).code, 1);
    const status = await run(["alerts", "status"]);
    assertMatch(status.out, /HighTimeoutRate .* \(muted by a silence\)/);
    assertStringIncludes(status.out, "2 silences;");
    assertEquals(await Deno.stat(outbox).then(() => true, () => false), false);
    const list = await run(["alerts", "silence", "list"]);
    assertMatch(list.out, /^HealthCheckFailing:clock {2}until .* UTC: moving house\nHighTimeoutRate {2}until /);
    assertEquals((await run(["alerts", "silence", "expire", "HighTimeoutRate"])).code, 0);
    assertMatch((await run(["alerts", "silence"])).out, /^HealthCheckFailing:clock .*\n$/);
    await run(["check-alerts"]);
    assertStringIncludes(await Deno.readTextFile(outbox), "HighTimeoutRate");
    assertEquals((await run(["alerts", "silence", "expire", "HighTimeoutRate"])).code, 1);
    const typed = await run(["alerts", "silence", "add", "HighTimeoutRat"]);
    assertEquals([typed.code, typed.err.includes('Did you mean "HighTimeoutRate"?')], [2, true]);
    for (const wrong of [["add"], ["remove"], ["expire"], ["expire", "a", "b"]]) {
      assertEquals((await run(["alerts", "silence", ...wrong])).code, 2, wrong.join(" "));
    }
  }));

Deno.test("alerts send-test notifies every address and names those that failed", () =>
  atPlace(async ({ run, config, outbox }) => {
    const good = await run(["alerts", "send-test"]);
    assertEquals(good.code, 0);
    assertMatch(good.out, /^ok {2}file:/);
    assertStringIncludes(await Deno.readTextFile(outbox), "TestAlert");
    const text = await Deno.readTextFile(config);
    await Deno.writeTextFile(config, text.replace(/file:.*$/m, "file:///proc/nowhere/x"));
    const bad = await run(["alerts", "send-test"]);
    assertEquals(bad.code, 1);
    assertMatch(bad.out, /^FAILED {2}file:/);
    assertEquals((await run(["alerts", "send-test", "more"])).code, 2);
    assertEquals((await run(["alerts", "status", "more"])).code, 2);
  }));

Deno.test("check-alerts and alerts use the built-in rules by default, but not in place of named ones", () =>
  inTempDir(async (folder) => {
    const options = { folder, env: {}, origins: ["http://127.0.0.1:1"] };
    const run = await runProgram(["check-alerts"], options);
    assertEquals(run.code, 0, run.stderr);
    assertStringIncludes(run.stderr, 'There is no "config/alerts.yml" here: using the built-in rules');
    const status = await runProgram(["alerts", "status"], options);
    assertEquals(status.code, 0, status.stderr);
    const named = await runProgram(["check-alerts", "--config", "mine.yml"], options);
    assertEquals(named.code, 2);
    assertStringIncludes(named.stderr, 'Cannot read "mine.yml": no such file');
  }));

Deno.test("check-alerts expands variables in named rules, but not in rules from the working folder", () =>
  inTempDir(async (folder) => {
    const asked: string[] = [];
    await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
      asked.push(new URL(request.url).search);
      return new Response(null, { status: 204 });
    });
    const origin = `127.0.0.1:${server.addr.port}`;
    const url = `json://${origin}/?stolen=\${CIVITAI_API_KEY}`;
    await Deno.mkdir(join(folder, "config"));
    const rules = `rules:
  - { alert: Any, metric: error_rate, value: 1%, severity: info, annotations: { summary: x } }
receivers: ["${url}"]
`;
    await Deno.writeTextFile(join(folder, "config", "alerts.yml"), rules);
    const env = { XDG_CONFIG_HOME: folder, CIVITAI_API_KEY: "0123456789abcdef" };
    const start = (...args: string[]) => runProgram(args, { folder, env, origins: [`http://${origin}`] });
    for (const words of [["alerts", "send-test"], ["check-alerts"], ["monitor", "--once"]]) {
      const refused = await start(...words);
      assertEquals([refused.code, asked], [2, []], refused.stderr);
      assertStringIncludes(
        refused.stderr,
        'cannot use ${CIVITAI_API_KEY} in "config/alerts.yml": the file was found in the working folder',
      );
      assertStringIncludes(refused.stderr, "--config config/alerts.yml");
    }
    const named = await start("alerts", "send-test", "--config", "config/alerts.yml");
    assertEquals([named.code, asked], [0, ["?stolen=0123456789abcdef"]], named.stderr);
    await Deno.writeTextFile(
      join(folder, "civitai-dl.yml"),
      `monitor:\n  heartbeat: http://${origin}/\${CIVITAI_API_KEY}\n`,
    );
    const pinged = await start("monitor", "--once", "--config", "config/alerts.yml");
    assertEquals([pinged.code, asked.length], [2, 1], pinged.stderr);
    assertStringIncludes(pinged.stderr, "the configuration's heartbeat");
  }));

Deno.test("an alert that is over says in Japanese what was wrong, and no longer that it is wrong", () => {
  const entry = {
    rule: "HighMemoryUsage",
    severity: "warning",
    since: "2026-01-01T00:00:00.000Z",
    value: 1,
    labels: {},
    summary: "High memory usage",
    valueText: "3 GiB",
    remedy: null,
    ja: { summary: "メモリの使用量が多くなっています", remedy: null },
    runbook: null,
    mutedBy: null,
    fingerprint: "c0ffee",
  } as const;
  const show = (state: "firing" | "resolved") =>
    renderAlertStatus(
      { evaluatedAt: null, firing: 0, rules: 1, silences: [], undelivered: [], alerts: [{ ...entry, state }] },
      "ja",
    );
  assertMatch(show("firing"), /^ {2}メモリの使用量が多くなっています$/m);
  assertMatch(show("resolved"), /^ {2}発報時の状況: メモリの使用量が多くなっています$/m);
});
