import { assertEquals } from "@std/assert";
import { PROFILES } from "../../../lib/transfer/mod.ts";
import { limitsOfRun, PROMISED_LIMITS, SilenceJudge } from "../../../lib/stability/facts/silence_limits.ts";

const SILENCE = { host: "storage", phase: "headers", startedMs: 0, ms: 3000 } as const;

Deno.test("SilenceJudge allows a quarter more than the limit, in headers and bodies", () => {
  const judge = new SilenceJudge(limitsOfRun("turbo"));
  assertEquals(judge.limitOf({ ...SILENCE, phase: "body" }), 7500);
  assertEquals(judge.limitOf({ ...SILENCE, host: "api" }), 3750);
  assertEquals(new SilenceJudge(limitsOfRun("stable")).limitOf(SILENCE), 7500);
});

Deno.test("SilenceJudge allows a storage whose time adapts its longest time, and never doubles that", () => {
  const judge = new SilenceJudge(limitsOfRun("turbo", "adaptive"));
  assertEquals([judge.limitOf(SILENCE), judge.limitOf({ ...SILENCE, startedMs: 4000 })], [15_000, 15_000]);
  // The time for the API is fixed, and that of the engine stable too.
  assertEquals(judge.limitOf({ ...SILENCE, host: "api" }), 3750);
  assertEquals(judge.limitOf({ ...SILENCE, phase: "body" }), 7500);
  assertEquals(limitsOfRun("stable", "adaptive"), limitsOfRun("stable"));
});

Deno.test("SilenceJudge doubles the time for headers of a host that stays silent, until it answers", () => {
  const judge = new SilenceJudge({ headersMs: 1000, bodyMs: 1000 });
  const next = (startedMs: number, ms: number): number => judge.limitOf({ ...SILENCE, startedMs, ms }) / 1250;
  assertEquals([next(0, 1000), next(500, 1000), next(1600, 2000)], [1, 1, 4]);
  // A response to an earlier request says nothing about the host after the silence.
  judge.recordResponse("storage", 1000, 4000);
  assertEquals(next(4100, 4000), 8);
  judge.recordResponse("storage", 9000, 9100);
  assertEquals(next(9200, 1000), 1);
  assertEquals(judge.limitOf({ ...SILENCE, host: "api", startedMs: 9300 }), 1250);
});

Deno.test("the promised limits are those of the engines", () => {
  for (const [name, { headersMs, bodyMs }] of Object.entries(PROMISED_LIMITS)) {
    const { headerTimeoutMs, stallMs } = PROFILES[name as keyof typeof PROFILES];
    assertEquals([headersMs, bodyMs], [headerTimeoutMs, stallMs], name);
  }
});
