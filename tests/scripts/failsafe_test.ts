import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { childCommand } from "../../scripts/_frame/child.ts";
import { Failsafe, type FailsafeOptions } from "../../lib/failsafe/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { call, type Called } from "../helpers/call.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { failTenTimes } from "../helpers/fail_ten_times.ts";

/** An empty library. */
function inLibrary(
  story: (at: { readonly folder: string; readonly state: string; run: typeof run }) => Promise<void>,
): Promise<void> {
  return inTempDir(async (folder) => {
    await Deno.mkdir(join(folder, ".civitai-dl"));
    await story({ folder, state: join(folder, ".civitai-dl", "state"), run });
  });
}

function run(folder: string, ...words: readonly string[]): Promise<Called> {
  return call(["failsafe", ...words, "--library", folder]);
}

/** Open the breaker of a key, just now. */
async function fail(state: string, key: string, options: FailsafeOptions = {}): Promise<void> {
  const clock = new FakeClock(Date.now() - 12_000);
  await using failsafe = await Failsafe.open(state, { clock, ...options });
  failTenTimes(failsafe, clock, { key });
}

Deno.test("failsafe explains the mode, its reason, its start and what would change it", () =>
  inLibrary(async ({ folder, state }) => {
    const fresh = await run(folder);
    assertEquals([fresh.code, fresh.err], [0, ""]);
    assertMatch(fresh.out, /^Mode: turbo, since .*\n {2}why: no reason to change it\n/);
    await fail(state, "b2.civitai.com");
    const { code, out } = await run(folder, "status");
    assertEquals(code, 0);
    assertMatch(
      out,
      /^Mode: parallel, since \d\d:\d\d \(.*\)\n {2}why: b2\.civitai\.com answers with errors: 10 of its last 10 calls failed\n/,
    );
    assertMatch(out, / {2}what would change it: Up to turbo in (1m|\d+s), if calls go well/);
    assertMatch(out, / {2}what would change it: Down to resilient if a breaker opens/);
    assertMatch(out, /\nb2\.civitai\.com +blocked +.* in \d+s +answers with errors: 10 of its last 10 calls failed\n/);
    assertMatch(out, /: turbo -> parallel: b2\.civitai\.com answers with errors: 10 of its last 10 calls failed\n/);
  }));

Deno.test("failsafe status is read-only and applies no limits of its own", () =>
  inLibrary(async ({ folder, state }) => {
    await fail(state, "api.civitai.com", { movesMode: (key) => key !== "api.civitai.com" });
    const { out } = await run(folder, "status");
    assertMatch(out, /^Mode: turbo, /);
    assertMatch(out, /\napi\.civitai\.com +blocked /);
    await using later = await Failsafe.open(state, { movesMode: () => false });
    assertEquals([later.mode, later.status().events.map(({ type }) => type)], ["turbo", ["breaker"]]);
  }));

Deno.test("failsafe --json prints one document with schema and version", () =>
  inLibrary(async ({ folder, state }) => {
    await fail(state, "api.civitai.com");
    const { code, out } = await run(folder, "--json");
    const { schema, version, done, mode, breakers, events } = JSON.parse(out);
    assertEquals([code, schema, version, done], [0, "civitai-dl/failsafe", 1, null]);
    assertEquals([mode.name, mode.ladder, mode.hold, mode.forced], ["parallel", "parallel", null, null]);
    assertEquals([breakers[0].key, breakers[0].state], ["api.civitai.com", "open"]);
    assertEquals(events.length, 2);
  }));

Deno.test("failsafe hold, trip and reset take effect for later readers", () =>
  inLibrary(async ({ folder, state }) => {
    assertMatch(
      (await run(folder, "hold", "stable", "--for", "4h")).out,
      /^The mode is held at stable\n\nMode: stable,/,
    );
    assertMatch(
      (await run(folder, "trip", "b2.civitai.com", "--for", "30m", "--force")).out,
      /^b2\.civitai\.com is open\n/,
    );
    {
      await using failsafe = await Failsafe.open(state);
      assertEquals([failsafe.mode, failsafe.admit("b2.civitai.com").type], ["stable", "refused"]);
      assert(failsafe.admit("b2.civitai.com").retryInMs > 1_700_000);
    }
    assertMatch((await run(folder, "hold", "--release")).out, /^The mode changes automatically\n\nMode: turbo,/);
    assertMatch((await run(folder, "reset", "b2.civitai.com")).out, /^b2\.civitai\.com is closed\n/);
    assertMatch((await run(folder, "reset")).out, /^All breakers are closed, and the mode is reset\n/);
    await using failsafe = await Failsafe.open(state);
    assertEquals([failsafe.mode, failsafe.admit("b2.civitai.com").type], ["turbo", "allowed"]);
  }));

Deno.test("failsafe trip opens a known host for ten minutes, in any spelling", () =>
  inLibrary(async ({ folder, state }) => {
    await fail(state, "b2.civitai.com:8443");
    for (const spelling of ["b2.civitai.com:8443", "B2.Civitai.COM:8443"]) {
      const { breakers } = JSON.parse((await run(folder, "trip", spelling, "--json")).out);
      assertEquals(breakers.map(({ key }: { readonly key: string }) => key), ["b2.civitai.com:8443"]);
      assertEquals(Date.parse(breakers[0].until) - Date.parse(breakers[0].since), 600_000);
    }
  }));

Deno.test("failsafe trip refuses an unknown host without --force", () =>
  inLibrary(async ({ folder, state }) => {
    await fail(state, "b2.civitai.com");
    const { code, err } = await run(folder, "trip", "b2.civitai.con");
    assertEquals(code, 2);
    assertStringIncludes(err, 'Cannot trip "b2.civitai.con": no run on this library has asked it');
    assertStringIncludes(err, 'Did you mean "b2.civitai.com"? Otherwise use --force');
    assertEquals((await run(folder, "trip", "b2.civitai.con", "--force")).code, 0);
  }));

Deno.test("failsafe reset removes the hosts that trip added, and keeps those with requests", () =>
  inLibrary(async ({ folder, state }) => {
    await fail(state, "b2.civitai.com");
    const keys = async (...words: readonly string[]): Promise<readonly string[]> =>
      JSON.parse((await run(folder, ...words, "--json")).out).breakers.map(({ key }: { readonly key: string }) => key);
    assertEquals(await keys("trip", "b2.civitai.com"), ["b2.civitai.com"]);
    assertEquals(await keys("trip", "typo.example.com", "--force"), ["b2.civitai.com", "typo.example.com"]);
    assertEquals(await keys("reset", "typo.example.com"), ["b2.civitai.com"]);
    assertEquals(await keys(), ["b2.civitai.com"]);
    assertEquals(await keys("trip", "typo.example.com", "--force"), ["b2.civitai.com", "typo.example.com"]);
    assertEquals(await keys("reset"), ["b2.civitai.com"]);
    // A host that a run used meanwhile counts as known.
    await keys("trip", "new.example.com", "--force");
    await fail(state, "new.example.com");
    assertEquals(await keys("reset"), ["b2.civitai.com", "new.example.com"]);
  }));

const MISUSES: readonly [words: readonly string[], says: string][] = [
  [["fix"], "must be one of"],
  [["status", "b2.civitai.com"], "status takes no name"],
  [["hold"], "or --release"],
  [["hold", "sideways"], '"sideways" is not a mode; the modes are turbo, '],
  [["hold", "trubo"], '"trubo" is not a mode, did you mean "turbo"? The modes are turbo, '],
  [["hold", "stable", "--release"], "takes no mode"],
  [["reset", "--release"], "--release goes with hold"],
  [["reset", "--for", "1h"], "--for goes with"],
  [["trip"], "needs the breaker's key"],
  [["trip", "x", "--for", "soon"], "soon"],
  [["trip", "x", "--for", "0"], "at least"],
  [["trip", "never.heard.of"], "no run on this library has asked it"],
  [["trip", "https://b2.civitai.com/file", "--force"], 'it is not a host name: write "b2.civitai.com"'],
  [["trip", "two words", "--force"], "it is not a host name"],
  [["trip", "b2..civitai.com", "--force"], "it is not a host name"],
  [["trip", "", "--force"], "it is not a host name"],
  [["hold", "stable", "--force"], "--force goes with trip"],
  [["reset", "never.heard.of"], "no such breaker"],
  [["hold", "stable", "b"], "Unexpected argument"],
];

for (const [words, says] of MISUSES) {
  Deno.test(`failsafe ${words.join(" ")} exits with 2 and changes nothing`, () =>
    inLibrary(async ({ folder, state }) => {
      const { code, err, out } = await run(folder, ...words);
      assertEquals([code, out], [2, ""]);
      assertStringIncludes(err, says);
      await using failsafe = await Failsafe.open(state);
      assertEquals(failsafe.status().events, []);
    }));
}

Deno.test("failsafe suggests the closest breaker, and refuses a folder without a library", () =>
  inLibrary(async ({ folder, state }) => {
    await fail(state, "b2.civitai.com");
    assertStringIncludes((await run(folder, "reset", "b2.civitai.con")).err, 'Did you mean "b2.civitai.com"?');
    const { code, err } = await run(join(folder, "none"));
    assertEquals(code, 2);
    assertStringIncludes(err, "Set --library FOLDER");
  }));

Deno.test("failsafe warns of an unreadable state, and refuses one of a newer program", () =>
  inLibrary(async ({ folder, state }) => {
    await Deno.mkdir(state);
    await Deno.writeTextFile(join(state, "failsafe.json"), "{");
    const broken = await run(folder);
    assertEquals(broken.code, 0);
    assertMatch(broken.err, /^warning: Cannot read .*failsafe\.json": .*; the next run starts with a new state\n$/);
    const text = '{"schema":"civitai-dl/failsafe","version":7}\n';
    await Deno.writeTextFile(join(state, "failsafe.json"), text);
    const newer = await run(folder, "reset");
    assertEquals([newer.code, await Deno.readTextFile(join(state, "failsafe.json"))], [4, text]);
    assertStringIncludes(newer.err, "format 7");
  }));

Deno.test("hold, fallback and recovery keep the user's configuration; the environment overrides them, as a process", () =>
  inLibrary(async ({ folder, state }) => {
    const config = join(folder, "civitai-dl.yml");
    const text = "engine: turbo # mine\r\n\n# keep\n";
    await Deno.writeTextFile(config, text);
    const asProcess = async (words: readonly string[], env: Readonly<Record<string, string>> = {}) => {
      const child = childCommand(["failsafe", ...words, "--library", folder], {
        folder,
        origins: ["http://127.0.0.1"],
        env: { XDG_CONFIG_HOME: folder, ...env },
      });
      const { code, stdout, stderr } = await child.output();
      const decoder = new TextDecoder();
      return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
    };
    const held = await asProcess(["hold", "stable"]);
    assertEquals([held.code, held.err], [0, ""]);
    assertMatch(held.out, /^The mode is held at stable\n/);
    const forced = await asProcess(["status"], { CIVITAI_DL_DISABLE_EXPERIMENTAL: "1" });
    assertMatch(forced.out, /^Mode: stable, .*\n {2}why: CIVITAI_DL_DISABLE_EXPERIMENTAL is 1\n/);
    await fail(state, "b2.civitai.com");
    const reset = await asProcess(["reset", "--json"]);
    assertEquals([reset.code, JSON.parse(reset.out).mode.name], [0, "turbo"]);
    assertEquals((await asProcess(["hold"])).code, 2);
    assertEquals(await Deno.readTextFile(config), text);
    assertEquals((await Deno.stat(config)).size, text.length);
  }));
