import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { Failsafe } from "../../lib/failsafe/mod.ts";
import { beginRun } from "../../lib/library/mod.ts";
import { assertJapanese } from "../helpers/assert_japanese.ts";
import { call } from "../helpers/call.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { failTenTimes } from "../helpers/fail_ten_times.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const JAPANESE = { LANG: "ja_JP.UTF-8" };

/** A library whose failsafe has an open breaker and a held mode. */
async function makeLibrary(folder: string): Promise<string> {
  const library = join(folder, "library");
  const state = join(library, ".civitai-dl", "state");
  await Deno.mkdir(state, { recursive: true, mode: 0o700 });
  const clock = new FakeClock(Date.now() - 12_000);
  await using failsafe = await Failsafe.open(state, { clock, onWarning: (message) => assertEquals(message, "") });
  failTenTimes(failsafe, clock, { key: "b2.example.com" });
  return library;
}

Deno.test("failsafe says everything in Japanese, and its document stays as it is", () =>
  inTempDir(async (folder) => {
    const library = await makeLibrary(folder);
    const { out, code, err } = await call(["failsafe", "--library", library, "--language", "ja"]);
    assertEquals(code, 0, err);
    assertJapanese(out);
    assertMatch(out, /^モード: parallel（/);
    assertStringIncludes(out, "変わる条件: あと ");
    const held = await call(["failsafe", "hold", "stable", "--for", "4h", "--library", library], { env: JAPANESE });
    assertMatch(held.out, /^モードを stable に固定しました\n/);
    assertJapanese(held.out);
    const json = await call(["failsafe", "--library", library, "--language", "ja", "--json"]);
    const { mode, done, breakers } = JSON.parse(json.out);
    assertEquals([mode.reason, done, breakers[0].state], ["held manually", null, "open"]);
    const english = await call(["failsafe", "hold", "--release", "--library", library, "--language", "en"]);
    assertMatch(english.out, /^The mode changes automatically\n/);
  }));

Deno.test("handle-issue explains a line in Japanese", async () => {
  const words = ["handle-issue", "--log-line", "error: Cannot fetch a.bin: HTTP 451"];
  const { out } = await call(words, { env: JAPANESE });
  assertMatch(out, /^問題: +地域制限 \(region\)\n/);
  assertMatch(out, /^意味: +この国ではサービスが提供されていません$/m);
  assertEquals((await call([...words, "--language", "ja"])).out, out);
});

Deno.test("check-alerts says which alert fires and what to do in Japanese, also on stderr", () =>
  inTempDir(async (folder) => {
    const library = await makeLibrary(folder);
    const rules = join(folder, "alerts.yml");
    await Deno.writeTextFile(
      rules,
      `version: 1
rules:
  - alert: LibraryMissing
    metric: library_missing
    op: "<"
    value: 1
    severity: critical
    annotations:
      summary: "The library is gone: it is not in its folder, and no command works there"
      remedy: Mount its disk; if it was moved, name its new folder. The monitor and the next run go on by themselves.
      summaryJa: ライブラリがありません
      remedyJa: ディスクをマウントしてください。
receivers: ["file://${join(folder, "sent.jsonl")}"]
`,
    );
    const words = ["check-alerts", "--config", rules, "--library", library, "--logs", join(folder, "logs")];
    const { out, err, code } = await call([...words, "--language", "ja"]);
    assertEquals(code, 1, err);
    assertJapanese(out, ["LibraryMissing"]);
    assertMatch(out, /^発報中 {2}重大 {2}LibraryMissing {2}/);
    assertJapanese(err.replaceAll(/^(?:error|hint): /gm, ""), [
      "LibraryMissing",
      `file://${join(folder, "sent.jsonl")}`,
    ]);
  }));

Deno.test("status says everything in Japanese of a library with trouble", () =>
  inTempDir(async (folder) => {
    const library = await makeLibrary(folder);
    const state = join(library, ".civitai-dl", "state");
    await Deno.writeTextFile(join(library, ".civitai-dl", "catalog.db"), "junk");
    const start = { command: "update", isAttended: false, reserveBytes: null };
    beginRun(state, start, { onWarning: (message) => assertEquals(message, "") }).end({
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
    const words = [
      "status",
      "--library",
      library,
      "--logs",
      join(folder, "logs"),
      "--token-file",
      join(folder, "none"),
    ];
    const { out, err, code } = await call([...words, "--language", "ja"]);
    assertEquals(code, 0, err);
    assertJapanese(out.replace(/^API キー .*$/m, ""), ["update", "tune-timeouts"]);
    assertMatch(out, /^API キー +API キーを読み取れません（/m);
    assertMatch(out, /終了コード 6 で終了 · 完了 3 件 · 未取得 1,172 件.* · タイムアウト$/m);
    assertMatch(out, /^ライブラリ +カタログ（catalog\.db）が破損していて、読み取れません$/m);
  }));
