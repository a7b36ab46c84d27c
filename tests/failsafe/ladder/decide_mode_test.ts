import { assert, assertEquals, assertLessOrEqual, assertThrows } from "@std/assert";
import { seededRandom } from "../../../lib/base/mod.ts";
import { Failsafe, type FailsafeEvent, type FailsafeOptions, modeRules } from "../../../lib/failsafe/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";

type ModeEvent = Extract<FailsafeEvent, { type: "mode" }>;

/** A failsafe, its clock and its mode changes. */
function start(options: FailsafeOptions = {}) {
  const clock = new FakeClock();
  const switches: ModeEvent[] = [];
  const failsafe = Failsafe.inMemory({
    clock,
    random: seededRandom(1),
    onEvent: (event) => void (event.type === "mode" && switches.push(event)),
    ...options,
  });
  let owed = 0;
  /** Advance time with evenly spread calls of which a share fails. */
  const pass = (ms: number, traffic: { readonly everyMs?: number; readonly failing?: number } = {}): void => {
    const { everyMs = 500, failing = 0 } = traffic;
    for (let at = 0; at < ms; at += everyMs) {
      clock.advance(everyMs);
      const admission = failsafe.admit("host");
      if (admission.type === "refused") continue;
      owed += failing;
      const isFailing = owed >= 1;
      if (isFailing) owed--;
      admission.finish(isFailing ? { type: "failed", failure: "server" } : { type: "ok", durationMs: 100 });
    }
  };
  const path = () => switches.map(({ from, to }) => `${from} ${to}`);
  return { clock, failsafe, pass, path, switches };
}

Deno.test("decideMode() steps down a rung at a time while a quarter of the calls fail, and climbs back", () => {
  const { failsafe, pass, path, switches } = start();
  pass(60_000);
  assertEquals(failsafe.mode, "turbo");
  pass(180_000, { failing: 0.4 });
  assertEquals(failsafe.mode, "stable");
  assertEquals(path(), ["turbo parallel", "parallel resilient", "resilient stable"]);
  for (const { reason } of switches) assert(/^\d+ of \d+ calls failed within a minute$/.test(reason), reason);
  const times = switches.map(({ time }) => Date.parse(time));
  assert(times[1]! - times[0]! >= 30_000 && times[2]! - times[1]! >= 30_000);
  pass(300_000);
  assertEquals(failsafe.mode, "turbo");
  assertEquals(path().slice(3), ["stable resilient", "resilient parallel", "parallel turbo"]);
});

Deno.test("decideMode() stays while less than a quarter of the calls fail, or with too few calls", () => {
  const mild = start();
  mild.pass(600_000, { failing: 0.2 });
  assertEquals(mild.path(), []);
  const few = start();
  few.pass(600_000, { everyMs: 5000, failing: 0.35 });
  assertEquals(few.path(), []);
});

Deno.test("decideMode() steps down once when a breaker opens", () => {
  const { failsafe, pass, switches } = start({ groupOf: (key) => key });
  failsafe.record("other", { type: "ok", durationMs: 1 });
  pass(12_000, { everyMs: 1200, failing: 1 });
  assertEquals(switches.map(({ reason }) => reason), ["host answers with errors: 10 of its last 10 calls failed"]);
  assertEquals(failsafe.mode, "parallel");
});

Deno.test("decideMode() switches at most eight times in an hour for a server that flaps every 30 s, each with a reason", () => {
  for (const everyMs of [50, 200, 1000, 3000]) {
    const { pass, switches } = start();
    for (let minute = 0; minute < 60; minute++) {
      pass(30_000, { everyMs });
      pass(30_000, { everyMs, failing: 1 });
    }
    assertLessOrEqual(switches.length, 8);
    assert(switches.every(({ reason }) => reason.length > 0));
  }
});

Deno.test("decideMode() switches less and less for slower flapping: relapses double the wait", () => {
  for (const halfMs of [60_000, 120_000, 300_000]) {
    const { clock, pass, switches } = start();
    const begin = clock.now();
    const hours = [0, 0, 0];
    for (let at = 0; at < 3 * 3_600_000; at += 2 * halfMs) {
      pass(halfMs);
      pass(halfMs, { failing: 0.4 });
    }
    for (const { time } of switches) hours[Math.floor((Date.parse(time) - begin) / 3_600_001)]!++;
    assertLessOrEqual(hours[0]!, 16);
    assertLessOrEqual(hours[2]!, 2);
  }
});

Deno.test("decideMode() doubles the wait for the next step up after a relapse, and halves it after long calm", () => {
  const { pass, switches } = start();
  const climbMs = (): number => Date.parse(switches.at(-1)!.time) - Date.parse(switches.at(-2)!.time);
  const relapse = (): void => {
    while (switches.at(-1)?.to !== "turbo") pass(1000);
    while (switches.at(-1)?.to !== "parallel") pass(1000, { failing: 0.4 });
  };
  while (switches.length === 0) pass(1000, { failing: 0.4 });
  const climbs = [0, 1, 2].map(() => {
    relapse();
    while (switches.at(-1)!.to !== "turbo") pass(1000);
    return climbMs();
  });
  assert(climbs[0]! < climbs[1]! && climbs[1]! < climbs[2]!, `${climbs}`);
  assert(climbs[2]! >= 480_000, `${climbs[2]}`);
  pass(6 * 3_600_000, { everyMs: 2000 });
  while (switches.at(-1)!.to !== "parallel") pass(1000, { failing: 0.4 });
  while (switches.at(-1)!.to !== "turbo") pass(1000);
  assertLessOrEqual(climbMs(), 150_000);
});

Deno.test("decideMode() pauses only after everything has been down for five minutes, and retries after five more", () => {
  const { clock, failsafe, pass, path, switches } = start();
  pass(200_000, { failing: 1 });
  assertEquals(failsafe.mode, "stable");
  // A run asks for the mode all the time.
  for (let second = 0; second < 200 && failsafe.mode === "stable"; second++) pass(1000, { failing: 1 });
  assertEquals(failsafe.mode, "paused");
  assertEquals(path(), ["turbo parallel", "parallel resilient", "resilient stable", "stable paused"]);
  const { reason, time } = switches.at(-1)!;
  assert(/^every host has failed for 5m/.test(reason), reason);
  clock.advance(Date.parse(time) + 299_000 - clock.now());
  assertEquals(failsafe.mode, "paused");
  clock.advance(1000);
  assertEquals(failsafe.mode, "stable");
  assertEquals(switches.at(-1)!.reason, "the pause is over");
  pass(400_000, { failing: 1 });
  assertEquals(failsafe.mode, "paused");
  clock.advance(Date.parse(switches.at(-1)!.time) + 599_000 - clock.now());
  assertEquals(failsafe.mode, "paused");
  clock.advance(1000);
  assertEquals(failsafe.mode, "stable");
});

Deno.test("decideMode() climbs during a single long call while its bytes arrive", () => {
  const { clock, failsafe, pass, path } = start();
  pass(180_000, { failing: 0.4 });
  assertEquals(failsafe.mode, "stable");
  clock.advance(60_000);
  const body = failsafe.admit("host");
  for (let at = 0; at < 300_000; at += 1000) {
    clock.advance(1000);
    body.recordFlow();
    assert(failsafe.mode !== "paused");
  }
  assertEquals(failsafe.mode, "turbo");
  assertEquals(path().slice(3), ["stable resilient", "resilient parallel", "parallel turbo"]);
});

Deno.test("decideMode() climbs with one successful call each half minute, and stays without calls", () => {
  const { clock, failsafe, pass } = start();
  pass(180_000, { failing: 0.4 });
  clock.advance(6 * 3_600_000);
  assertEquals(failsafe.mode, "stable");
  pass(240_000, { everyMs: 30_000 });
  assertEquals(failsafe.mode, "turbo");
});

Deno.test("decideMode() never pauses while bytes arrive from an open host, nor for an unused host", () => {
  const { failsafe, pass } = start();
  const body = failsafe.admit("host");
  for (let at = 0; at < 1_800_000; at += 1000) {
    pass(1000, { failing: 1 });
    body.recordFlow();
    assert(failsafe.mode !== "paused", `paused after ${at / 1000} s`);
  }
  body.finish({ type: "ok", durationMs: 100 });
  const quiet = start();
  quiet.pass(200_000, { failing: 1 });
  for (let at = 0; at < 3_600_000; at += 1000) {
    quiet.clock.advance(1000);
    assert(quiet.failsafe.mode !== "paused");
  }
});

Deno.test("decideMode() limits the mode of a process, not of the ladder, by a ceiling; force overrides everything", () => {
  const low = start({ ceiling: "resilient" });
  assertEquals([low.failsafe.mode, low.failsafe.status().mode.ladder], ["resilient", "turbo"]);
  low.pass(60_000, { failing: 0.4 });
  assertEquals(low.path(), ["resilient stable"]);
  low.pass(600_000);
  assertEquals(low.path(), ["resilient stable", "stable resilient"]);
  const forced = start({ force: { mode: "stable", reason: "--force-sync-mode" } });
  forced.failsafe.hold("turbo");
  forced.pass(600_000, { failing: 0.4 });
  const { mode } = forced.failsafe.status();
  assertEquals([forced.failsafe.mode, mode.name, mode.reason], ["stable", "stable", "--force-sync-mode"]);
});

Deno.test("hold() fixes a mode until a time or until release()", () => {
  const { clock, failsafe, pass, path, switches } = start();
  failsafe.hold("parallel", { forMs: 3_600_000 });
  pass(600_000, { failing: 0.4 });
  assertEquals([failsafe.mode, path()], ["parallel", ["turbo parallel"]]);
  clock.advance(3_000_000);
  assertEquals([failsafe.mode, switches.at(-1)!.reason], ["turbo", "the hold ended"]);
  failsafe.hold("paused");
  clock.advance(1e10);
  assertEquals(failsafe.mode, "paused");
  failsafe.release();
  assertEquals([failsafe.mode, switches.at(-1)!.reason], ["turbo", "released manually"]);
  assertThrows(() => failsafe.hold("sideways"), RangeError, "turbo, parallel");
});

Deno.test("reset() returns the ladder to its first rung and clears its history", () => {
  const { failsafe, pass, path } = start();
  pass(180_000, { failing: 0.4 });
  failsafe.reset();
  assertEquals([failsafe.mode, path().at(-1)], ["turbo", "stable turbo"]);
  pass(20_000);
  assertEquals(failsafe.mode, "turbo");
});

Deno.test("decideMode() is unaffected when the clock is set back by a day", () => {
  const { clock, failsafe, pass, path } = start();
  pass(60_000, { failing: 0.4 });
  clock.jump(-86_400_000);
  pass(1000);
  const before = path().length;
  pass(600_000);
  assertEquals(failsafe.mode, "turbo");
  assert(path().length > before);
  clock.jump(10 * 365 * 86_400_000);
  assertEquals(failsafe.mode, "turbo");
});

Deno.test("decideMode() accepts rungs of any program", () => {
  const { failsafe, pass } = start({ modes: { rungs: ["live", "cached", "offline"] } });
  pass(100_000, { failing: 0.4 });
  assertEquals(failsafe.mode, "cached");
  for (const rungs of [["one"], ["a", "a"]]) {
    assertThrows(() => modeRules({ rungs }), RangeError, "Cannot make a ladder");
  }
  assertThrows(() => Failsafe.inMemory({ ceiling: "sideways" }), RangeError, 'Cannot use mode "sideways"');
});

Deno.test("status() explains the mode, since when it holds, and what would change it", () => {
  const { clock, failsafe, pass, switches } = start();
  assertEquals(failsafe.status().mode.reason, "no reason to change it");
  while (switches.length === 0) pass(500, { failing: 0.4 });
  const { mode } = failsafe.status();
  assertEquals([mode.name, mode.since, mode.reason], ["parallel", switches[0]!.time, switches[0]!.reason]);
  assertEquals(mode.wouldChange.length, 2);
  assert(/^Up to turbo in 1m, if calls go well .* less than 5 % of 10/.test(mode.wouldChange[0]!), mode.wouldChange[0]);
  assert(/^Down to resilient if a breaker opens, .* \(in 30s at the earliest\)$/.test(mode.wouldChange[1]!));
  assertEquals(mode.nextCheck, new Date(clock.now() + 60_000).toISOString());
  failsafe.hold("stable", { forMs: 4 * 3_600_000 });
  const held = failsafe.status().mode;
  assertEquals([held.name, held.reason, held.nextCheck], ["stable", "held manually", null]);
  assertEquals(held.wouldChange, ["Releasing it manually; it ends in 4h"]);
  failsafe.hold("stable", { forMs: 900 });
  assertEquals(failsafe.status().mode.wouldChange, ["Releasing it manually; it ends in a moment"]);
});

Deno.test("decideMode() ignores an API that fails, but not one that is down", () => {
  const clock = new FakeClock();
  const failsafe = Failsafe.inMemory({
    clock,
    random: () => 0,
    movesMode: (key) => key !== "api",
    groupOf: (key) => key === "api" ? "the API" : "every storage",
  });
  const ask = (key: string, isWell: boolean): void => {
    const admission = failsafe.admit(key);
    if (admission.type === "refused") return;
    admission.finish(isWell ? { type: "ok", durationMs: 50 } : { type: "failed", failure: "server", status: 500 });
  };
  // Its breaker keeps opening and is closed manually within half a minute.
  for (let second = 0; second < 300; second++) {
    clock.advance(1000);
    ask("storage", true);
    ask("api", false);
    if (second % 20 === 19) failsafe.reset("api");
  }
  assertEquals(failsafe.mode, "turbo");
  for (let second = 0; second < 60; second++) {
    clock.advance(1000);
    ask("storage", true);
    ask("api", false);
  }
  assertEquals([failsafe.mode === "turbo", failsafe.status().mode.reason], [false, "the API has failed for 30s"]);
});
