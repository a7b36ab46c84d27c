import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { parseTimeoutLine } from "../../lib/failsafe/mod.ts";
import { call } from "../helpers/call.ts";
import { runProgram } from "../helpers/run_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { atPlace } from "./_place.ts";

/** A line of timeouts.log that sums up waits for headers. */
function ended(host: string, limitMs: number, waits: readonly (readonly [number, number])[]): string {
  const base = { time: "2026-11-25T10:00:00.000Z", outcome: "ok", operation: "transfer", step: "headers" };
  return `${JSON.stringify({ ...base, host, limitMs, spanMs: 300_000, waits })}\n`;
}

const FAST = ended("b2.civitai.com", 60_000, [[800, 690], [14_000, 10]]);
const CUT = FAST.replace("b2.civitai.com", "slow.example").replaceAll("60000", "5000").replace("14000", "4900") +
  `${
    JSON.stringify({
      time: "2026-11-25T10:01:00Z",
      outcome: "timeout",
      step: "headers",
      host: "slow.example",
      limitMs: 5000,
    })
  }\n`
    .repeat(40);
const CONFIG =
  "# my settings\nengine: parallel   # slow line\nhost-timeout:\n  - other.example tls 9s  # by hand\n\nquota: 10\n";

Deno.test("tune-timeouts shows proposals, and changes nothing without --apply", () =>
  inTempDir(async (folder) => {
    const log = join(folder, "timeouts.log");
    const config = join(folder, "my.yml");
    await Deno.writeTextFile(log, FAST);
    await Deno.writeTextFile(config, CONFIG);
    const { code, out, err } = await call(["tune-timeouts", "--adaptive", "--log-file", log, "--config", config]);
    assertEquals([code, err], [0, ""]);
    assertMatch(out, /^b2\.civitai\.com +headers +1m +21s +14s +700 +0 +enough data/m);
    assertStringIncludes(out, `--apply would write to ${config}:\n+   - b2.civitai.com headers 21s\n`);
    assertEquals(await Deno.readTextFile(config), CONFIG);
  }));

Deno.test("tune-timeouts --apply writes longer timeouts, shorter ones with enough waits, and keeps the rest", () =>
  inTempDir(async (folder) => {
    const log = join(folder, "timeouts.log");
    const config = join(folder, "my.yml");
    await Deno.writeTextFile(log, FAST + CUT + ended("rare.example", 60_000, [[800, 9]]));
    await Deno.writeTextFile(config, CONFIG, { mode: 0o600 });
    const argv = ["tune-timeouts", "--log-file", log, "--config", config, "--apply"];
    const { code, out } = await call(argv);
    assertEquals(code, 3);
    assertMatch(out, /^slow\.example +headers +5s +10s +> limit +740 +40 +enough data/m);
    assertMatch(out, /^rare\.example +headers +1m +10s +800ms +9 +0 +not enough data: 291 more/m);
    const mark = "  - other.example tls 9s  # by hand\n";
    const added = "  - b2.civitai.com headers 21s\n  - slow.example headers 10s\n";
    assertEquals(await Deno.readTextFile(config), CONFIG.replace(mark, `${mark}${added}`));
    assertEquals(await Deno.readTextFile(`${config}.bak`), CONFIG);
    assertEquals((await Deno.stat(config)).mode! & 0o777, 0o600);
    assertEquals((await call(["config", "check", "--config", config])).code, 0);
    const again = await call(argv);
    assertStringIncludes(again.out, "Nothing to change in the configuration");
  }));

Deno.test("tune-timeouts refuses a missing log, and has not enough data in an empty one", () =>
  inTempDir(async (folder) => {
    const config = join(folder, "my.yml");
    await Deno.writeTextFile(config, "download:\n  host-timeout: [a tls 5s]\n");
    const empty = join(folder, "empty.log");
    await Deno.writeTextFile(empty, "");
    const missing = await call(["tune-timeouts", "--log-file", join(folder, "none.log"), "--config", config]);
    assertEquals(missing.code, 2);
    assertMatch(missing.err, /no such file/);
    const none = await call(["tune-timeouts", "--log-file", empty, "--config", config]);
    assertEquals(none.code, 3);
    assertMatch(none.out, /^Not enough data: no waits/);
    await Deno.writeTextFile(empty, FAST);
    const section = await call(["tune-timeouts", "--log-file", empty, "--config", config, "--apply"]);
    assertEquals(section.code, 2);
    assertMatch(section.err, /its section "download" has its own host-timeout/);
  }));

Deno.test("tune-timeouts --apply sets timeouts that the next download uses, also with a corrupt catalog", () =>
  atPlace({ toxics: [{ type: "latency", ms: 1500, on: ["storage"], first: 1 }] }, async (place) => {
    const { folder, sandbox, everything, run } = place;
    const { host } = new URL(sandbox.storageOrigin);
    const logs = join(folder, "logs");
    await Deno.mkdir(logs);
    const linesOf = async () => {
      const text = await Deno.readTextFile(join(logs, "timeouts.log"));
      return text.trimEnd().split("\n").map((line) => parseTimeoutLine(line)!).filter((line) =>
        line.step === "headers"
      );
    };
    // A timeout that is too short for this host is used, and doubles until the answer comes.
    await Deno.writeTextFile(join(folder, "civitai-dl.yml"), `host-timeout: ["${host} headers 1s"]\n`);
    const first = await run(everything);
    assertEquals(first.code, 0, first.stderr);
    const late = (await linesOf()).filter((line) => line.host === host && line.outcome === "timeout");
    assert(late.length > 0 && late.every((line) => line.limitMs >= 1000 && line.limitMs <= 4000), JSON.stringify(late));
    // The log says that the host may need 14 s: the next run waits that long.
    await Deno.writeTextFile(join(logs, "timeouts.log"), FAST.replace("b2.civitai.com", host));
    await Deno.remove(join(folder, "civitai-dl.yml"));
    await Deno.writeTextFile(join(folder, "library/.civitai-dl/catalog.db"), "no database");
    const options = { folder, env: { XDG_CONFIG_HOME: folder }, origins: [sandbox.apiOrigin] };
    const tuned = await runProgram(["tune-timeouts", "--apply"], options);
    assertEquals(tuned.code, 0, tuned.stderr);
    assertStringIncludes(await Deno.readTextFile(join(folder, "civitai-dl.yml")), `"${host} headers 21s"`);
    await Deno.remove(join(folder, "library"), { recursive: true });
    const second = await run(everything);
    assertEquals(second.code, 0, second.stderr);
    const used = (await linesOf()).filter((line) => line.host === host).map((line) => line.limitMs);
    assertEquals(new Set(used), new Set([60_000, 21_000]));
  }));
