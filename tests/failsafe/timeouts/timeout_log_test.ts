import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { parseTimeoutLine, type TimedWait, TimeoutLog } from "../../../lib/failsafe/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const OK: TimedWait = {
  operation: "transfer",
  step: "headers",
  host: "b2.civitai.com",
  outcome: "ok",
  limitMs: 10_000,
  elapsedMs: 120,
  connectionAgeMs: 0,
  attempt: 1,
};
const LATE: TimedWait = { ...OK, outcome: "timeout", elapsedMs: 10_000.4, connectionAgeMs: 812.7, attempt: 2 };

async function linesOf(path: string): Promise<readonly Record<string, unknown>[]> {
  const text = await Deno.readTextFile(path);
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

Deno.test("TimeoutLog writes a timeout at once, and the waits that ended in time as sums", () =>
  inTempDir(async (folder) => {
    const clock = new FakeClock();
    using log = new TimeoutLog(join(folder, "logs"), { clock });
    for (const elapsedMs of [0, 3.2, 120, 121, 9999]) log.record({ ...OK, elapsedMs });
    clock.advance(60_000);
    log.record(LATE);
    assertEquals(await linesOf(log.path), [{
      time: "2026-01-01T00:01:00.000Z",
      outcome: "timeout",
      operation: "transfer",
      step: "headers",
      host: "b2.civitai.com",
      limitMs: 10_000,
      elapsedMs: 10_000,
      connectionAgeMs: 813,
      attempt: 2,
      streak: 1,
    }]);
    clock.advance(240_000);
    log.record(OK);
    assertEquals((await linesOf(log.path))[1], {
      time: "2026-01-01T00:05:00.000Z",
      outcome: "ok",
      operation: "transfer",
      step: "headers",
      host: "b2.civitai.com",
      limitMs: 10_000,
      spanMs: 300_000,
      count: 6,
      waits: [[0, 1], [4, 1], [120, 2], [130, 1], [10_000, 1]],
    });
  }));

Deno.test("TimeoutLog counts timeouts in a row for each host and step, also across periods", () =>
  inTempDir(async (folder) => {
    using log = new TimeoutLog(folder, { clock: new FakeClock() });
    log.record(LATE);
    log.record({ ...LATE, host: "other.example" });
    log.flush();
    log.record(LATE);
    log.record({ ...OK, step: "body" });
    log.record(LATE);
    log.record(OK);
    log.record(LATE);
    const lines = (await linesOf(log.path)).filter(({ outcome }) => outcome === "timeout");
    assertEquals(lines.map(({ streak }) => streak), [1, 1, 2, 3, 1]);
  }));

Deno.test("parseTimeoutLine() reads each line of a TimeoutLog", () =>
  inTempDir(async (folder) => {
    using log = new TimeoutLog(folder, { clock: new FakeClock() });
    for (let i = 0; i < 100; i++) log.record(LATE);
    for (let i = 0; i < 1000; i++) log.record({ ...OK, host: `host-${i}.example`, elapsedMs: i });
    log.flush();
    const text = await Deno.readTextFile(log.path);
    for (const line of text.trimEnd().split("\n")) assertEquals(parseTimeoutLine(line)?.limitMs, 10_000, line);
  }));

Deno.test("TimeoutLog reports once that it cannot write, and never throws", () =>
  inTempDir(async (folder) => {
    await Deno.writeTextFile(join(folder, "file"), "");
    const warnings: string[] = [];
    const log = new TimeoutLog(join(folder, "file", "logs"), { onWarning: (message) => warnings.push(message) });
    for (let i = 0; i < 3; i++) log.record(LATE);
    log[Symbol.dispose]();
    assertEquals(warnings.length, 1);
    assertStringIncludes(warnings[0]!, "Cannot write");
  }));

Deno.test("parseTimeoutLine refuses what is not a line of timeouts.log, and accepts a single wait", () => {
  const good = { time: "2026-01-01T00:00:00Z", outcome: "ok", step: "body", host: "a", limitMs: 5, waits: [[3, 2]] };
  assertEquals<unknown>(parseTimeoutLine(JSON.stringify(good)), {
    ...good,
    operation: "transfer",
    spanMs: 0,
    count: 2,
    waits: [[3, 2]],
  });
  const one = parseTimeoutLine(JSON.stringify({ ...good, waits: undefined, elapsedMs: 7 }));
  assertEquals(one?.outcome === "ok" && one.waits, [[7, 1]]);
  const bad: readonly Record<string, unknown>[] = [
    { time: "yesterday" },
    { outcome: "late" },
    { step: "wait" },
    { host: "" },
    { host: "h".repeat(300) },
    { limitMs: -1 },
    { limitMs: null },
    { waits: [] },
    { waits: [[1, 0]] },
    { waits: [[1, 1.5]] },
    { waits: [["1", 1]] },
    { waits: [[1, 2, 3]] },
    { outcome: "timeout", streak: 0 },
    { outcome: "timeout", connectionAgeMs: "old" },
  ];
  for (const change of bad) {
    assertEquals(parseTimeoutLine(JSON.stringify({ ...good, ...change })), null, JSON.stringify(change));
  }
  for (const text of ["", "[]", "null", "17", '{"time":', "GET / timed out"]) {
    assertEquals(parseTimeoutLine(text), null, text);
  }
});
