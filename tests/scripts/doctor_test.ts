import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { defineDownloadMetrics, openLibrary, quotaFile, recordProcess } from "../../lib/downloader/mod.ts";
import { Failsafe } from "../../lib/failsafe/mod.ts";
import { beginRun } from "../../lib/library/mod.ts";
import { MetricJournal, MetricRegistry } from "../../lib/metrics/mod.ts";
import { becomes } from "../helpers/becomes.ts";
import { openFront } from "../helpers/servers/api_front.ts";
import { call } from "../helpers/call.ts";
import { runProgram } from "../helpers/run_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { atPlace } from "./_place.ts";

const STATE = join(".civitai-dl", "state");

/** What doctor says first: the cause, and the command that comes next. */
function headOf(out: string): { readonly cause: string; readonly command: string } {
  const [paragraph = ""] = out.split("\n\n");
  const [cause = "", ...rest] = paragraph.split("\n→ ");
  return { cause, command: rest.join("\n→ ").split("\n")[0] ?? "" };
}

/** The head of doctor for a library of the test, in which a local API needs no key; the command without its place. */
async function ask(folder: string, ...words: readonly string[]): Promise<ReturnType<typeof headOf> & { code: number }> {
  const place = ["--library", join(folder, "library"), "--logs", join(folder, "logs"), "--reserve", "1M", "--offline"];
  const { code, out, err } = await call(["doctor", ...place, "--base-url", "http://127.0.0.1:9", ...words]);
  assert(out !== "", err);
  const { cause, command } = headOf(out);
  return { code, cause, command: command.replaceAll(/ --(?:library|output|logs|base-url) \S+/g, "") };
}

async function makeLibrary(folder: string): Promise<string> {
  const library = join(folder, "library");
  await Deno.mkdir(join(library, STATE), { recursive: true, mode: 0o700 });
  return library;
}

Deno.test("doctor says that nothing is wrong, and names no command", () =>
  inTempDir(async (folder) => {
    await makeLibrary(folder);
    assertEquals(await ask(folder, "--only", "disk,runs,key"), {
      code: 0,
      cause: "Nothing is wrong in what was checked.",
      command: "",
    });
  }));

Deno.test("doctor names a key that was revoked during a run, and where it comes from", () => {
  const story = { revoke: () => {} };
  const onExchange = ({ item }: { readonly item: unknown }): void => {
    if (item !== null) story.revoke();
  };
  const options = { requireLogin: 1, size: { creators: 1, modelsPerCreator: 8 }, onExchange };
  return atPlace(options, async ({ folder, sandbox, everything, run }) => {
    const { token } = sandbox;
    story.revoke = () => sandbox.setToken("another-token-0123456789");
    assertEquals((await run([...everything, "--yes", "--quiet", "--engine", "stable"])).code, 5);
    const words = ["doctor", "--library", join(folder, "library"), "--logs", join(folder, "logs"), "--reserve", "0"];
    const origins = [sandbox.apiOrigin, sandbox.storageOrigin];
    const env = { CIVITAI_API_KEY: token, CIVITAI_DL_BASE_URL: sandbox.apiOrigin };
    const asked = await runProgram(words, { folder, env, origins });
    assertEquals(asked.code, 1, asked.stderr);
    const { cause, command } = headOf(asked.stdout);
    assertEquals(cause, "The API key is rejected: the service does not accept the one of CIVITAI_API_KEY");
    assertEquals(command, "export CIVITAI_API_KEY=KEY");
    const inJapanese = await runProgram([...words, "--language", "ja"], { folder, env, origins });
    assertMatch(inJapanese.stdout, /^API キーの拒否: API が CIVITAI_API_KEY のキーを受け付けません$/m);
    assertEquals(headOf(inJapanese.stdout).command, "export CIVITAI_API_KEY=KEY");
  });
});

Deno.test("doctor names a library that is gone, and writes nothing in its place", () =>
  atPlace({}, async ({ folder, everything, run }) => {
    const env = { XDG_STATE_HOME: join(folder, "state") };
    assertEquals((await run([...everything, "--yes", "--quiet"], env)).code, 0);
    const library = join(folder, "library");
    await Deno.rename(library, join(folder, "elsewhere"));
    await Deno.mkdir(library);
    const words = ["doctor", "--library", library, "--offline", "--reserve", "0", "--language", "en"];
    const { code, stdout, stderr } = await runProgram(words, { folder, env, origins: [] });
    assertEquals(code, 1, stderr);
    const { cause, command } = headOf(stdout);
    assertStringIncludes(cause, `The library is gone: an empty folder is at "${library}" now (id `);
    assertEquals(command, Deno.build.os === "linux" ? "sudo mount -a" : command);
    assertMatch(stdout.replaceAll(/\s/g, ""), /onpurpose,run.*download--output.*library--forget-library/);
    const inJapanese = await runProgram([...words, "--language", "ja"], { folder, env, origins: [] });
    const [head = ""] = inJapanese.stdout.split("\n\n");
    assertMatch(
      head.replaceAll(/\s/g, ""),
      /意図して削除した場合は.*download--output.*library--forget-library/,
    );
    assertEquals(await Array.fromAsync(Deno.readDir(library)), []);
  }));

Deno.test("doctor names the reserve after a run that it stopped", () =>
  atPlace({}, async ({ folder, sandbox, everything }) => {
    const words = ["download", ...everything, "-o", "library", "--no-images", "--yes", "--reserve", "999T"];
    const env = { CIVITAI_API_KEY: sandbox.token, CIVITAI_DL_BASE_URL: sandbox.apiOrigin };
    const origins = [sandbox.apiOrigin, sandbox.storageOrigin];
    const stopped = await runProgram(words, { folder, env, origins });
    assertEquals(stopped.code, 4, stopped.stdout);
    // The reserve of that run, unless another one is named.
    const library = ["--library", join(folder, "library"), "--logs", join(folder, "logs")];
    const { code, out } = await call(["doctor", ...library, "--offline", "--base-url", "http://127.0.0.1:9"]);
    assertEquals(code, 1);
    const { cause, command } = headOf(out);
    assertMatch(
      cause,
      /^The disk has reached its reserve: .* free, .*; 99\d\.\d+ TiB more must be free for the \d+ files that /,
    );
    assertMatch(command, /^du -xah -d 2 \S+ \| sort -h \| tail$/);
  }));

Deno.test("doctor names the one creator that fails, and explains it", () =>
  atPlace({ size: { creators: 2, modelsPerCreator: 2 } }, async ({ folder, sandbox, runAt }) => {
    const [name, other] = [...sandbox.catalog.creators()].map((creator) => creator.username);
    await using front = openFront(sandbox.apiOrigin, (url) => {
      const isListing = url.pathname === "/api/v1/models" && url.searchParams.get("username") === name;
      return isListing ? Response.json({}, { status: 500 }) : undefined;
    });
    const targets = ["--user", name!, "--user", other!];
    const ran = await runAt(front.origin, ["download", ...targets, "--yes", "--max-retries", "0"]);
    assertEquals(ran.code, 1, ran.stderr);
    const { cause, command } = await ask(folder);
    assertStringIncludes(cause, `One creator fails: user:${name} at `);
    const failed = join(folder, "library", "failed.txt");
    assertStringIncludes(command, ` download --from ${failed}`);
    const about = await call(["doctor", `user:${name}`, "--logs", join(folder, "logs"), "--language", "en"]);
    assertMatch(about.out, new RegExp(`^${name}: it could not be listed at .*500`));
    const fine = await call(["doctor", `user:${other}`, "--logs", join(folder, "logs"), "--language", "en"]);
    assertStringIncludes(fine.out, `${other}: nothing failed within a day\n`);
    // Nothing lists the creator whose run does not name it.
    assertEquals((await runAt(sandbox.apiOrigin, ["download", "--user", other!, "--yes"])).code, 0);
    const own = await ask(folder);
    assertStringIncludes(own.cause, `One creator fails: user:${name} at `);
    assertMatch(own.command, new RegExp(` download (?:user:${name}|--from ${failed})`));
    const words = own.command.split(" ").slice(1);
    assertEquals((await runAt(sandbox.apiOrigin, [...words, "--yes"])).code, 0);
    assertEquals(await ask(folder, "--only", "creators,runs"), {
      code: 0,
      cause: "Nothing is wrong in what was checked.",
      command: "",
    });
  }));

Deno.test("doctor names a run of the library that uses much memory, and believes no line of another process", () =>
  inTempDir(async (folder) => {
    const logs = join(folder, "logs");
    await Deno.mkdir(logs);
    const registry = new MetricRegistry();
    const instruments = defineDownloadMetrics(registry);
    await recordProcess(instruments, { rss: () => 3 * 2 ** 30 });
    await using journal = new MetricJournal(logs, registry);
    await journal.flush();
    const path = join(logs, "metrics.jsonl");
    const forged = (await Deno.readTextFile(path)).replaceAll(`"${Deno.pid}-`, '"999-');
    await Deno.writeTextFile(path, forged, { append: true });
    await makeLibrary(folder);
    const before = await ask(folder, "--only", "memory,disk");
    assertEquals(before, { code: 0, cause: "Nothing is wrong in what was checked.", command: "" });
    const library = join(folder, "library");
    using _held = await openLibrary(library, { command: "download" });
    const { cause, command } = await ask(folder);
    assertMatch(
      cause,
      new RegExp(`^A process uses much memory: 3072 MiB in process ${Deno.pid}; the metrics also name 1`),
    );
    assertEquals(command, `kill -INT ${Deno.pid}`);
  }));

const SILENCE = { ms: 95_000, since: "2026-01-01T02:10:00.000Z", hosts: ["storage.example"], files: 1 };

Deno.test("doctor names a host that is silent, and one that is slow", () =>
  inTempDir(async (folder) => {
    const library = await makeLibrary(folder);
    const active = join(library, STATE, "active");
    await Deno.mkdir(active, { mode: 0o700 });
    const head = { schema: "civitai-dl/active", version: 1, pid: Deno.pid, bytesPerSecond: 0, run: null };
    const write = (fields: Readonly<Record<string, unknown>>) =>
      Deno.writeTextFile(
        join(active, `${Deno.pid}.json`),
        JSON.stringify({ ...head, time: new Date().toISOString(), ...fields }),
        { mode: 0o600 },
      );
    await write({ silence: SILENCE, downloads: [] });
    const silent = await ask(folder);
    assertEquals([silent.code, silent.command], [1, "curl -sSI --max-time 10 https://storage.example"]);
    assertMatch(
      silent.cause,
      /^Nothing arrives: no byte from storage\.example since \w+ \d+, \d\d:\d\d \(1m 35s\), and 1 file waits$/,
    );
    const limit = { value: 1, ceiling: 4, reason: "refused", changedAt: null };
    const speed = { kind: "bytes", ratio: 0.009, usual: 1000, current: 9 };
    const slow = { host: "storage.example", speed, slowSince: "2026-01-01T02:10:00.000Z", limit };
    await write({ silence: null, downloads: [], hosts: [slow] });
    const { code, cause, command } = await ask(folder);
    assertEquals(code, 0);
    assertMatch(
      cause,
      /^A host is far slower than usual: storage\.example: 1\/111 of its usual speed since \w+ \d+, \d\d:\d\d, limit 1 of 4$/,
    );
    assertEquals(command, "civitai-dl failsafe");
  }));

Deno.test("doctor names a hold by hand, a run that was killed, and a run that ended badly", () =>
  inTempDir(async (folder) => {
    const library = await makeLibrary(folder);
    const state = join(library, STATE);
    const onWarning = (message: string) => assertEquals(message, "");
    const start = { command: "update", isAttended: false, reserveBytes: null };
    beginRun(state, start, { onWarning });
    const killed = await ask(folder);
    assertMatch(killed.cause, /^The last run ended badly: "update" was killed after /);
    assertEquals(killed.command, "civitai-dl update");
    beginRun(state, start, { onWarning }).end({
      exitCode: 6,
      done: 3,
      failed: 0,
      left: 1172,
      leftBytes: 9,
      fetchedBytes: 1,
      neededBytes: null,
      silentMs: 0,
      cause: "timeout",
      message: "Cannot list models: no answer within 30s",
      hint: null,
      key: null,
      keyOrigin: null,
    });
    const { code, cause } = await ask(folder);
    assertEquals(code, 1);
    assertMatch(
      cause,
      /^No answer came in time: "update" ended with exit code 6 at .*, 3 files done, 1172 left: Cannot/,
    );
    {
      await using failsafe = await Failsafe.open(state);
      await failsafe.hold("paused");
    }
    const held = await ask(folder);
    assertMatch(held.cause, /^Downloads are paused by hand: paused since /);
    assertEquals(held.command, "civitai-dl failsafe hold --release");
  }));

Deno.test("doctor shows times as status does, names one command for a run that failed, and keeps ISO in the JSON", () =>
  inTempDir(async (folder) => {
    const library = await makeLibrary(folder);
    const start = { command: "download", isAttended: false, reserveBytes: 0 } as const;
    beginRun(join(library, STATE), start, { onWarning: (message) => assertEquals(message, "") }).end({
      exitCode: 4,
      done: 1,
      failed: 0,
      left: 2,
      leftBytes: 10,
      fetchedBytes: 5,
      neededBytes: null,
      cause: "unsafe",
      message: "Cannot go on",
      hint: "Look at it. Nothing is lost",
      again: "civitai-dl download --user somebody --max-retries 2",
      key: null,
      keyOrigin: null,
      silentMs: 0,
    });
    const words = ["doctor", "--library", library, "--logs", join(folder, "logs"), "--offline", "--only", "runs"];
    const { code, out } = await call([...words, "--language", "en"]);
    assertEquals(code, 1);
    assertMatch(out, /ended with exit code 4 at \d\d:\d\d, 1 file done/);
    assert(!/\d{4}-\d\d-\d\dT/.test(out), out);
    const [head = ""] = out.split("\n\n");
    const next = `→ civitai-dl download --output ${library} --logs ${
      join(folder, "logs")
    } --user somebody --max-retries 2`;
    assertEquals(head.split("\n").slice(1), [next, "  Look at it. Nothing is lost"]);
    assertEquals(out.match(/civitai-dl /g)?.length, 2, out);
    assertMatch(JSON.parse((await call([...words, "--json"])).out).cause.measured, / at \d{4}-\d\d-\d\dT/);
  }));

Deno.test("doctor explains a line, a code and a host, in the language that is asked for", async () => {
  const line = await call(["doctor", "ERROR HTTP 451 from somewhere", "--language", "ja"]);
  assertEquals(line.code, 0);
  assertMatch(line.out, /^問題: +地域制限 \(region\)$/m);
  assertMatch(line.out, /^意味: +この国ではサービスが提供されていません$/m);
  const record = JSON.stringify({ level: "error", message: "failed: models/a.bin: no answer (timeout)" });
  const whole = await call(["doctor", record, "--language", "ja"]);
  for (const label of ["問題", "メッセージ", "意味", "対処", "次のコマンド", "詳細"]) {
    assertMatch(whole.out, new RegExp(`^${label}: `, "m"), label);
  }
  assert(!/^(?:Problem|File|Message|Meaning|To do|Next|More):/m.test(whole.out), whole.out);
  const english = await call(["doctor", record, "--language", "en"]);
  assertMatch(english.out, /^Problem: timeout/m);
  const code = await call(["doctor", "4", "--language", "en"]);
  assertMatch(code.out, /^unsafe: a safety check stopped the command \(exit code 4\)\n/);
  const own = await call(["doctor", "high-memory", "--language", "ja"]);
  assertMatch(own.out, /^high-memory: メモリ使用量の上昇\n/);
  const unknown = await call(["doctor", "tiemout"]);
  assertEquals([unknown.code, unknown.out], [2, ""]);
  assertStringIncludes(unknown.err, 'Did you mean "timeout"?');
  const report = await call(["doctor", "--open", "ERROR of another kind"]);
  assertMatch(report.out, /^# unknown: ERROR of another kind\n/);
});

/** A run that ended with exit code 4, in the journal of a library. */
function endUnsafe(library: string): void {
  const start = { command: "download", isAttended: false, reserveBytes: null };
  beginRun(join(library, STATE), start, { onWarning: (message) => assertEquals(message, "") }).end({
    exitCode: 4,
    done: 0,
    failed: 0,
    left: 3,
    leftBytes: 9,
    fetchedBytes: 0,
    neededBytes: null,
    silentMs: 0,
    cause: "unsafe",
    message: "Cannot write it",
    hint: null,
    key: null,
    keyOrigin: null,
  });
}

Deno.test({
  name: "doctor names what failed before what it warns of, and says it once in either language",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inTempDir(async (folder) => {
      const library = await makeLibrary(folder);
      const logs = join(folder, "logs");
      await Deno.mkdir(logs, { mode: 0o700 });
      await Deno.writeTextFile(join(logs, "download.log"), "", { mode: 0o600 });
      const path = join(logs, "alerts.jsonl");
      await Deno.writeTextFile(path, "");
      await Deno.chmod(path, 0o644);
      const open = await ask(folder, "--only", "permissions,runs");
      assertEquals([open.code, open.cause], [0, `Permissions: other users can use 1: ${path}`]);
      const japanese = await ask(folder, "--only", "permissions,runs", "--language", "ja");
      assertEquals(japanese.cause, `アクセス権: ほかのユーザーがアクセスできるものが 1 件あります: ${path}`);
      assertEquals(japanese.command, open.command);
      endUnsafe(library);
      const failed = await ask(folder, "--only", "permissions,runs");
      assertEquals(failed.code, 1);
      assertMatch(failed.cause, /^The last run ended badly: "download" ended with exit code 4 at /);
    }),
});

Deno.test({
  name: "doctor names a key file that others can read, once in either language",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inTempDir(async (folder) => {
      await makeLibrary(folder);
      const path = join(folder, "key");
      await Deno.writeTextFile(path, "a-token-of-the-test-0123456789\n");
      await Deno.chmod(path, 0o644);
      const words = ["--token-file", path, "--only", "key"];
      const english = await ask(folder, ...words);
      assertMatch(english.cause, /^The file of the API key: other users can read \S+key$/);
      assertEquals(english.command, `chmod 600 ${path}`);
      const japanese = await ask(folder, ...words, "--language", "ja");
      assertStringIncludes(
        japanese.cause,
        `API キーのファイル: ほかのユーザーが ${path} を読めます。キーは設定済みです`,
      );
    }),
});

Deno.test("doctor tells the limit of --quota from the quota of the account", () =>
  inTempDir(async (folder) => {
    const library = await makeLibrary(folder);
    const use = async (links: number): Promise<void> => {
      const buckets = [{ at: Date.now() - 600_000, links, bytes: 900 }];
      await quotaFile(library).write({ limits: { links: null, bytes: null }, buckets });
    };
    await use(2);
    const english = await ask(folder, "--quota", "1", "--only", "quota");
    assertEquals(english.code, 0);
    assertMatch(
      english.cause,
      /^Your own quota: the limit of --quota is reached \(2 links and 900 B in 24 h\); it has room again at \w+ \d+, \d\d:\d\d/,
    );
    const japanese = await ask(folder, "--quota", "1", "--only", "quota", "--language", "ja");
    assertMatch(
      japanese.cause,
      /^指定した利用枠: --quota の上限に達しました（24 時間でリンク 2 件、900 B）。\S+ \d\d:\d\d に再び空きができます$/,
    );
    const words = ["doctor", "--library", library, "--logs", join(folder, "logs"), "--offline"];
    const { out } = await call([...words, "--quota", "1", "--only", "quota", "--language", "ja"]);
    const text = out.replaceAll(/\s/g, "");
    assertStringIncludes(text, "より大きい値を指定してください");
    assert(!text.includes("アカウント"), text);
    await use(19);
    const nearly = await ask(folder, "--quota", "20", "--only", "quota", "--language", "ja");
    assertMatch(nearly.cause, /^指定した利用枠: 24 時間でリンク 19 件、900 B。--quota の 95(?:\.0)? %$/);
  }));

Deno.test("doctor says in Japanese what becomes of a silent host", () =>
  inTempDir(async (folder) => {
    const library = await makeLibrary(folder);
    const active = join(library, STATE, "active");
    await Deno.mkdir(active, { mode: 0o700 });
    const document = {
      schema: "civitai-dl/active",
      version: 1,
      pid: Deno.pid,
      time: new Date().toISOString(),
      bytesPerSecond: 0,
      run: null,
      silence: SILENCE,
      downloads: [],
    };
    await Deno.writeTextFile(join(active, `${Deno.pid}.json`), JSON.stringify(document), { mode: 0o600 });
    const words = ["--library", library, "--logs", join(folder, "logs"), "--offline", "--language", "ja"];
    const silent = await call(["doctor", ...words, "--only", "progress"]);
    assertStringIncludes(silent.out.replaceAll(/\s/g, ""), "ホストが応答すると自動的に続行します");
  }));

Deno.test("doctor blames no refused key while a run with another one downloads", () => {
  const options = {
    requireLogin: 1,
    size: { creators: 1, modelsPerCreator: 3 },
    toxics: [{ type: "bandwidth", bytesPerSecond: 65_536, on: ["storage"] }],
    fileBytes: { min: 4_000_000, max: 4_000_000 },
  } as const;
  return atPlace(options, async ({ folder, everything, start, run }) => {
    assertEquals((await run([...everything, "--yes"], { CIVITAI_API_KEY: "a-refused-key" })).code, 5);
    const refused = await ask(folder, "--only", "runs");
    assertStringIncludes(refused.cause, "The API key is rejected: ");
    assertStringIncludes(refused.command, everything.join(" "));
    const download = start([...everything, "--yes"]);
    const active = join(folder, "library", STATE, "active");
    const isReporting = () => Array.fromAsync(Deno.readDir(active)).then(({ length }) => length > 0, () => false);
    assert(await becomes(isReporting, 20_000));
    const asked = await ask(folder, "--only", "runs");
    download.kill("SIGTERM");
    await download.ended;
    assertEquals([asked.code, asked.command], [0, ""]);
  });
});

Deno.test("doctor calls a limit of memory too low that is below what a run usually needs, and ends no run", () =>
  inTempDir(async (folder) => {
    const library = await makeLibrary(folder);
    const logs = join(folder, "logs");
    await Deno.mkdir(logs);
    await Deno.mkdir(join(folder, "config"));
    const annotations = { summary: "High memory usage: {{value}}", remedy: "Stop it." };
    const over = { metric: "memory_usage_mb", value: "100 MB", severity: "warning" };
    const rule = { alert: "HighMemoryUsage", ...over, annotations };
    const rules = { version: 1, rules: [rule], receivers: [] };
    await Deno.writeTextFile(join(folder, "config", "alerts.yml"), JSON.stringify(rules));
    const registry = new MetricRegistry();
    await recordProcess(defineDownloadMetrics(registry), { rss: () => 107 * 2 ** 20 });
    await using journal = new MetricJournal(logs, registry);
    await journal.flush();
    using _held = await openLibrary(library, { command: "download" });
    const words = ["doctor", "--library", library, "--logs", logs, "--offline", "--only", "memory"];
    const { code, stdout } = await runProgram([...words, "--language", "en"], { folder, env: {}, origins: [] });
    assertEquals(code, 0, stdout);
    const text = stdout.replaceAll(/\s+/g, " ");
    assertStringIncludes(text, "107 MiB in process");
    assertStringIncludes(text, "the limit of 100 MiB is below the usual 150 MiB");
    assertStringIncludes(text, "raise HighMemoryUsage in config/alerts.yml");
    assert(!text.includes("kill"), text);
    const japanese = await runProgram([...words, "--language", "ja"], { folder, env: {}, origins: [] });
    const ja = japanese.stdout.replaceAll(/\s+/g, "");
    assertStringIncludes(ja, "config/alerts.ymlのHighMemoryUsageを引き上げてください");
    assert(!ja.includes("kill"), ja);
  }));
