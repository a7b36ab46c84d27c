import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { call } from "../helpers/call.ts";
import { atPlace } from "./_place.ts";
import { runProgram } from "../helpers/run_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const SIGNED = "https://b2.civitai.com/file/x?X-Amz-Signature=5ec2e7&Expires=1";

/** A line of download.log about a failed file. */
function failed(time: string, name: string, status = 503): string {
  const message = `Cannot fetch "${name}": answered ${status} from ${SIGNED}`;
  const event = { type: "end", host: "b2.civitai.com", outcome: "failed", failure: "server", message };
  return `${JSON.stringify({ time, level: "ERROR", ...event })}\n`;
}

const OLD = failed("2026-11-25T09:00:00.000Z", "a.bin");
const INFO = '{"time":"2026-11-25T09:30:00.000Z","level":"INFO","type":"plan","files":2,"bytes":5}\n';

Deno.test("analyze-errors explains the timeouts of timeouts.log", () =>
  inTempDir(async (folder) => {
    const log = join(folder, "timeouts.log");
    const late = { time: "2026-11-25T10:00:00.000Z", operation: "api", outcome: "timeout", host: "a", limitMs: 30_000 };
    const lines = ["headers", "body"].map((step) => `${JSON.stringify({ ...late, step })}\n`);
    await Deno.writeTextFile(log, lines.join(""));
    const { code, out, err } = await call(["analyze-errors", "--log-file", log]);
    assertEquals([code, err], [0, ""]);
    for (const word of ["docs/runbook/timeout.md", "docs/runbook/stall.md"]) assertStringIncludes(out, word);
    assertEquals(out.includes("Not recognized"), false, out);
  }));

Deno.test("analyze-errors groups the log with its rotated files, explains, and shows no signed URL", () =>
  inTempDir(async (folder) => {
    const log = join(folder, "download.log");
    await Deno.writeTextFile(`${log}.1`, OLD);
    await Deno.writeTextFile(
      log,
      INFO + failed("2026-11-25T10:00:00.000Z", "b.bin") + failed("2026-11-25T10:01:00Z", "c", 404),
    );
    const { code, out, err } = await call(["analyze-errors", "--log-file", log]);
    assertEquals([code, err], [0, ""]);
    assertMatch(out, /^3 problems in 4 lines of .*download\.log\.1, .*download\.log \(/m);
    assertMatch(out, /^ +2 +66\.7 % +2026-11-25 10:00:00 +server +Cannot fetch "…": answered 503/m);
    for (const word of ["docs/runbook/server.md", "Next:    civitai-dl failsafe", "b2.civitai.com (2)"]) {
      assertStringIncludes(out, word);
    }
    const json = (await call(["analyze-errors", "--log-file", log, "--json"])).out;
    for (const text of [out, json]) assert(!text.includes("5ec2e7"), text);
    const { schema, clusters } = JSON.parse(json);
    assertEquals([schema, clusters[0].count, clusters[0].firstSeen], [
      "civitai-dl/error-analysis",
      2,
      "2026-11-25T09:00:00.000Z",
    ]);
  }));

Deno.test("analyze-errors says what to do about a creator that does not exist", () =>
  atPlace({}, async ({ folder, run }) => {
    assertEquals((await run(["download", "--user", "nobodyatall", "--yes"])).code, 1);
    const { out } = await call(["analyze-errors", "--log-file", join(folder, "logs", "download.log")]);
    assertMatch(out, /no such creator, model or file/);
    assertMatch(out, /Check the name on the site/);
    assertMatch(out, /Next: +civitai-dl search nobodyatall/);
  }));

Deno.test("analyze-errors counts only the period, and exits with 3 if it has no lines", () =>
  inTempDir(async (folder) => {
    const log = join(folder, "download.log");
    const recent = new Date(Date.now() - 60_000).toISOString();
    await Deno.writeTextFile(log, OLD + failed(recent, "b.bin"));
    const hour = JSON.parse((await call(["analyze-errors", "--log-file", log, "--timerange=1h", "--json"])).out);
    assertEquals([hour.problems, hour.skipped.older, hour.from], [1, 1, recent]);
    const none = await call(["analyze-errors", "--log-file", log, "--timerange", "1s"]);
    assertEquals(none.code, 3);
    assertStringIncludes(none.out, `the newest is of ${recent}`);
  }));

Deno.test("analyze-errors gives no line the time of another one, unless it goes on with it", () =>
  inTempDir(async (folder) => {
    const log = join(folder, "other.log");
    const recent = new Date(Date.now() - 60_000).toISOString();
    const lines = [
      "2026-11-25 09:00:00 INFO start",
      `${recent} ERROR Cannot open a`,
      "    caused by: a failure further down",
      "10:00:00 ERROR Cannot close b",
    ];
    await Deno.writeTextFile(log, `${lines.join("\n")}\n`);
    const { out } = await call(["analyze-errors", "--log-file", log, "--timerange", "1h", "--json"]);
    const { problems, skipped, from, to } = JSON.parse(out);
    assertEquals([problems, skipped.older, skipped.undated], [2, 1, 1]);
    assertEquals([from, to], [recent, recent]);
  }));

Deno.test("analyze-errors refuses what it cannot read, and says so for an empty log", () =>
  inTempDir(async (folder) => {
    const binary = join(folder, "binary.log");
    const empty = join(folder, "empty.log");
    await Deno.writeFile(binary, Uint8Array.from({ length: 4096 }, (_, index) => (index * 7919 + 13) % 256));
    await Deno.writeTextFile(empty, "");
    const codes: Readonly<Record<string, readonly [number, RegExp]>> = {
      [join(folder, "none.log")]: [2, /no such file/],
      [binary]: [2, /not a text file/],
      [folder]: [2, /it is a folder/],
      [empty]: [3, /No lines/],
    };
    for (const [path, [code, words]] of Object.entries(codes)) {
      const called = await call(["analyze-errors", "--log-file", path]);
      assertEquals(called.code, code, path);
      assertMatch(called.out + called.err, words);
    }
    const long = join(folder, "long.log");
    await Deno.writeTextFile(long, `ERROR ${"x".repeat(3 << 20)}\n`);
    const { code, out } = await call(["analyze-errors", "--log-file", long]);
    assertEquals(code, 3);
    assertStringIncludes(out, "Note: 1 line was left out: over 1 MiB long");
  }));

Deno.test("analyze-errors finds nothing in a quiet log, and says so", () =>
  inTempDir(async (folder) => {
    const log = join(folder, "download.log");
    await Deno.writeTextFile(log, INFO);
    const { code, out } = await call(["analyze-errors", "--log-file", log]);
    assertEquals(code, 0);
    assertMatch(out, /^0 problems in 1 line of /);
  }));

Deno.test("analyze-errors works as its task does, without a network and with a corrupt library", () =>
  inTempDir(async (folder) => {
    await Deno.mkdir(join(folder, "downloads/.civitai-dl/state"), { recursive: true });
    await Deno.writeTextFile(join(folder, "downloads/.civitai-dl/state/failsafe.json"), "{corrupt");
    await Deno.writeTextFile(join(folder, "downloads/.civitai-dl/catalog.db"), "no database");
    await Deno.mkdir(join(folder, "logs"));
    await Deno.writeTextFile(join(folder, "logs/download.log"), `${OLD}{"time":"2026-11-25T09:`);
    const { code, stdout, stderr } = await runProgram(["analyze-errors"], {
      folder,
      env: { XDG_CONFIG_HOME: folder },
      origins: ["http://127.0.0.1"],
    });
    assertEquals(code, 0, stderr);
    assertMatch(stdout, /^1 problem in 1 line/);
    assertStringIncludes(stdout, "1 line is JSON that was cut off");
  }));

Deno.test("analyze-errors names the next command and the page that handle-issue names", () =>
  inTempDir(async (folder) => {
    const line = '2026-11-25T09:00:00Z ERROR Cannot write "a.bin": No space left on device (os error 28)';
    const path = join(folder, "app.log");
    await Deno.writeTextFile(path, `${line}\n`);
    const one = await call(["handle-issue", "--log-line", line]);
    const all = await call(["analyze-errors", "--log-file", path]);
    for (const name of ["Next", "More"]) {
      const [said] = one.out.match(new RegExp(`^${name}: .*$`, "m"))!;
      assertStringIncludes(all.out, said);
    }
    assertStringIncludes(all.out, "doctor --only disk,write,permissions");
    assertStringIncludes(all.out, "doctor disk (docs/runbook/");
  }));
