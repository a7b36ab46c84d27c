import { assertEquals } from "@std/assert";
import { PROFILES } from "../../../lib/transfer/mod.ts";
import {
  limitsOfRun,
  limitsWithin,
  PROMISED_LIMITS,
  SilenceJudge,
} from "../../../lib/stability/facts/silence_limits.ts";

const SILENCE = { host: "storage", step: "headers", startedMs: 0, ms: 3000 } as const;

Deno.test("SilenceJudge allows a quarter more than the limit, in headers and bodies", () => {
  const judge = new SilenceJudge(limitsOfRun("turbo"));
  assertEquals(judge.limitOf({ ...SILENCE, step: "body" }), 7500);
  assertEquals(judge.limitOf({ ...SILENCE, host: "api" }), 3750);
  assertEquals(new SilenceJudge(limitsOfRun("stable")).limitOf(SILENCE), 7500);
});

Deno.test("SilenceJudge allows a storage whose time adapts its longest time, and never doubles that", () => {
  const judge = new SilenceJudge(limitsOfRun("turbo", "adaptive"));
  assertEquals([judge.limitOf(SILENCE), judge.limitOf({ ...SILENCE, startedMs: 4000 })], [15_000, 15_000]);
  // The time for the API is fixed, and that of the engine stable too.
  assertEquals(judge.limitOf({ ...SILENCE, host: "api" }), 3750);
  assertEquals(judge.limitOf({ ...SILENCE, step: "body" }), 7500);
  assertEquals(limitsOfRun("stable", "adaptive"), limitsOfRun("stable"));
});

Deno.test("SilenceJudge doubles the time for headers of a host that stays silent, until it answers", () => {
  const judge = new SilenceJudge({ headersMs: 1000, bodyMs: 1000, bodyBytes: 1 });
  const next = (startedMs: number, ms: number): number => judge.limitOf({ ...SILENCE, startedMs, ms }) / 1250;
  assertEquals([next(0, 1000), next(500, 1000), next(1600, 2000)], [1, 1, 4]);
  // A response to an earlier request says nothing about the host after the silence.
  judge.recordResponse("storage", 1000, 4000);
  assertEquals(next(4100, 4000), 8);
  judge.recordResponse("storage", 9000, 9100);
  assertEquals(next(9200, 1000), 1);
  assertEquals(judge.limitOf({ ...SILENCE, host: "api", startedMs: 9300 }), 1250);
});

Deno.test("SilenceJudge gives a slow line as long as a silent one, if it is too slow and lasts for its limit", () => {
  const limitOf = (engine: keyof typeof PROMISED_LIMITS, bytesPerSecond: number, ms: number): number | null =>
    new SilenceJudge(limitsOfRun(engine)).slowLimitOf({ bytesPerSecond, ms });
  assertEquals([limitOf("turbo", 32, 6000), limitOf("turbo", 32, 10_000)], [7500, 7500]);
  // It was over before anybody had to cut it, or delivers what it has to.
  assertEquals([limitOf("turbo", 32, 5999), limitOf("turbo", 69, 10_000)], [null, null]);
  // This engine waits while anything arrives.
  assertEquals(limitOf("stable", 32, 20_000), null);
  // The least speed is the same within other limits.
  assertEquals(limitsWithin("parallel", 600), { headersMs: 600, bodyMs: 600, bodyBytes: 41 });
});

Deno.test("the promised limits are those of the engines", () => {
  for (const [name, { headersMs, bodyMs, bodyBytes }] of Object.entries(PROMISED_LIMITS)) {
    const { headerTimeoutMs, stallMs, stallBytes } = PROFILES[name as keyof typeof PROFILES];
    assertEquals([headersMs, bodyMs, bodyBytes], [headerTimeoutMs, stallMs, stallBytes], name);
  }
});
