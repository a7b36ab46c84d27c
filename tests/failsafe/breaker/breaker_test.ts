import { assert, assertEquals, assertThrows } from "@std/assert";
import { seededRandom } from "../../../lib/base/mod.ts";
import {
  admitCall,
  breakerRules,
  type CallOutcome,
  endProbe,
  Failsafe,
  type FailsafeEvent,
  freshBreaker,
} from "../../../lib/failsafe/mod.ts";
import { failTenTimes } from "../../helpers/fail_ten_times.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";

const OK: CallOutcome = { type: "ok", durationMs: 50 };
const FAILED: CallOutcome = { type: "failed", failure: "server" };

/** A failsafe with one breaker of interest, its events and its clock. */
function start(seed = 1) {
  const clock = new FakeClock();
  const events: FailsafeEvent[] = [];
  const failsafe = Failsafe.inMemory({
    clock,
    random: seededRandom(seed),
    modes: { rungs: ["on", "off"] },
    onEvent: (event) => events.push(event),
  });
  const call = (outcome: CallOutcome): string => {
    const admission = failsafe.admit("host");
    admission.finish(outcome);
    return admission.type;
  };
  const state = () => failsafe.status().breakers.find(({ key }) => key === "host")!.state;
  return { clock, events, failsafe, call, state };
}

function startOpen() {
  const all = start();
  failTenTimes(all.failsafe, all.clock);
  assertEquals(all.state(), "open");
  return all;
}

Deno.test("a breaker does not open at one failure in a hundred, in ten runs of 10 000 calls", () => {
  for (let seed = 1; seed <= 10; seed++) {
    const { clock, events, call } = start(seed);
    const random = seededRandom(seed);
    for (let i = 0; i < 10_000; i++) {
      clock.advance(20);
      call(random() < 0.01 ? FAILED : OK);
    }
    assertEquals(events, []);
  }
});

Deno.test("a breaker stays closed after nine failures of nine, and opens at the tenth", () => {
  const { clock, call, state, events } = start();
  for (let i = 0; i < 9; i++) call(FAILED);
  clock.advance(10_000);
  assertEquals(state(), "closed");
  call(FAILED);
  assertEquals(state(), "open");
  assertEquals(call(OK), "refused");
  const [event] = events;
  assert(event?.type === "breaker");
  assertEquals([event.key, event.from, event.to, event.reason], [
    ...["host", "closed", "open", "answers with errors: 10 of its last 10 calls failed"],
  ]);
});

Deno.test("a breaker of a host without a success yet opens ten seconds after its first call, however many fail", () => {
  const { clock, call, state } = start();
  for (let i = 0; i < 100; i++) {
    call(FAILED);
    clock.advance(90);
  }
  assertEquals(state(), "closed");
  clock.advance(1000);
  call(FAILED);
  assertEquals(state(), "open");
});

Deno.test("a breaker does not open for final responses about one resource", () => {
  for (const failure of ["gone", "forbidden", "early-access", "throttled", "quota", "disk", "cancelled"] as const) {
    const { call, state } = start();
    for (let i = 0; i < 100; i++) call({ type: "failed", failure });
    assertEquals([failure, state()], [failure, "closed"]);
  }
});

Deno.test("a breaker does not open for failures long ago", () => {
  for (const laterMs of [61_000, 3_600_000]) {
    const { clock, call, state } = start();
    for (let i = 0; i < 9; i++) call(FAILED);
    clock.advance(laterMs);
    call(FAILED);
    assertEquals(state(), "closed");
  }
});

Deno.test("a breaker neither opens nor stays open when the clock is set back", () => {
  const closed = start();
  for (let i = 0; i < 9; i++) closed.call(FAILED);
  closed.clock.jump(-3_600_000);
  closed.call(FAILED);
  assertEquals(closed.state(), "closed");
  const open = startOpen();
  open.clock.jump(-3_600_000);
  assertEquals(open.call(OK), "refused");
  open.clock.advance(10_000);
  assertEquals(open.call(OK), "probe");
});

Deno.test("a breaker opens after five consecutive hard failures, and after slow calls", () => {
  const hard = start();
  for (let i = 0; i < 4; i++) hard.call({ type: "failed", failure: "connection", isHard: true });
  hard.call(OK);
  for (let i = 0; i < 4; i++) hard.call({ type: "failed", failure: "dns" });
  assertEquals(hard.state(), "closed");
  hard.call({ type: "failed", failure: "dns" });
  assertEquals(hard.state(), "open");
  const slow = start();
  for (let i = 0; i < 10; i++) slow.call({ type: "ok", durationMs: i < 2 ? 50 : 60_001 });
  assertEquals(slow.state(), "open");
});

Deno.test("a breaker opens ten seconds after many successful calls when the last ones fail", () => {
  const { clock, call, state } = start();
  for (let i = 0; i < 1000; i++) call(OK);
  for (let i = 0; i < 24; i++) call(FAILED);
  clock.advance(10_000);
  assertEquals(state(), "closed");
  call(FAILED);
  assertEquals(state(), "open");
});

Deno.test("a breaker counts its wait from the begin of the probes: a silent host is tried again soon", () => {
  const rules = breakerRules({ waitMs: 10_000, probes: 1, successes: 1 });
  const open = { ...freshBreaker(0), state: "open", until: 0, waitMs: 10_000, round: 1 } as const;
  const waitAfter = (probeMs: number): number => {
    const probing = admitCall(open, { now: 1000, rules, dice: 0, probe: "1" }).record;
    const now = 1000 + probeMs;
    return endProbe(probing, { id: "1", outcome: "failed" }, { now, rules, dice: 0 }).record.until! - now;
  };
  assertEquals([0, 5000, 20_000, 29_000].map(waitAfter), [20_000, 15_000, 1000, 1000]);
});

Deno.test("a breaker stays closed until ten seconds after a success, however many calls fail", () => {
  const { clock, call, state } = start();
  call(OK);
  clock.advance(1000);
  for (let i = 0; i < 100; i++) call(FAILED);
  assertEquals(state(), "closed");
  clock.advance(10_000);
  call(FAILED);
  assertEquals(state(), "open");
});

Deno.test("a breaker stays closed if nothing succeeds for nine seconds, wherever they begin", () => {
  for (let offset = 0; offset < 5000; offset += 500) {
    const { clock, call, state } = start();
    clock.advance(offset);
    for (let round = 0; round < 20; round++) {
      call(OK);
      for (let i = 0; i < 45; i++) {
        clock.advance(200);
        call(FAILED);
      }
    }
    assertEquals([offset, state()], [offset, "closed"]);
  }
});

Deno.test("a breaker stays closed while one call in ten succeeds, and opens when none does", () => {
  const { clock, call, state } = start();
  for (let second = 0; second < 600; second++) {
    clock.advance(1000);
    call(second % 5 === 0 ? OK : FAILED);
    call(FAILED);
  }
  assertEquals(state(), "closed");
  for (let second = 0; second < 10; second++) {
    clock.advance(1000);
    call(FAILED);
  }
  assertEquals(state(), "open");
});

Deno.test("a breaker admits three probes after its wait and closes after two successes", () => {
  const { clock, events, failsafe, call, state } = startOpen();
  clock.advance(10_000);
  const probes = [1, 2, 3].map(() => failsafe.admit("host"));
  assertEquals(probes.map((probe) => probe.type), ["probe", "probe", "probe"]);
  assertEquals(call(OK), "refused");
  probes[0]!.finish(FAILED);
  probes[1]!.finish(OK);
  assertEquals(state(), "half-open");
  probes[2]!.finish(OK);
  assertEquals([state(), call(OK)], ["closed", "allowed"]);
  assertEquals(events.map((event) => `${event.from} ${event.to}`), [
    "closed open",
    "open half-open",
    "half-open closed",
  ]);
});

Deno.test("a breaker doubles its wait from ten seconds to ninety, each reduced by up to a fifth", () => {
  const { clock, failsafe, events } = startOpen();
  const waits = [10, 20, 40, 80, 90, 90].map((seconds) => seconds * 1000);
  for (const waitMs of waits) {
    const event = events.at(-1)!;
    assert(event.type === "breaker" && event.to === "open");
    assert(event.retryInMs <= waitMs && event.retryInMs >= 0.8 * waitMs, `${event.retryInMs} for ${waitMs}`);
    assertEquals(failsafe.admit("host").retryInMs, event.retryInMs);
    clock.advance(event.retryInMs);
    for (let i = 0; i < 2; i++) failsafe.admit("host").finish(FAILED);
  }
});

Deno.test("a breaker closes after one probe whose body flows for ten seconds, and ignores its late outcome", () => {
  const { clock, failsafe, state } = startOpen();
  clock.advance(10_000);
  const probe = failsafe.admit("host");
  assertEquals(probe.type, "probe");
  for (let second = 0; second < 9; second++) {
    clock.advance(1000);
    probe.recordFlow();
  }
  assertEquals(state(), "half-open");
  clock.advance(1000);
  probe.recordFlow();
  assertEquals(state(), "closed");
  probe.finish(FAILED);
  assertEquals(state(), "closed");
});

Deno.test("a breaker reopens after a probe without an outcome, and ignores a late one", () => {
  const { clock, events, failsafe, state } = startOpen();
  clock.advance(10_000);
  const hung = failsafe.admit("host");
  clock.advance(29_999);
  assertEquals(state(), "half-open");
  clock.advance(1);
  assertEquals(state(), "open");
  const after = failsafe.admit("host");
  assertEquals(after.type, "refused");
  // The probe took longer than the wait.
  assertEquals(after.retryInMs, 1000);
  hung.finish(OK);
  assertEquals(state(), "open");
  assertEquals(events.length, 3);
});

Deno.test("a breaker times out a probe at the right moment, even if no call comes for an hour", () => {
  const { clock, failsafe } = startOpen();
  clock.advance(10_000);
  failsafe.admit("host");
  clock.advance(3_600_000);
  assertEquals(failsafe.admit("host").type, "probe");
});

Deno.test("a breaker ignores a probe that the user stopped and frees its slot", () => {
  const { clock, failsafe, state } = startOpen();
  clock.advance(10_000);
  for (let i = 0; i < 20; i++) {
    const probe = failsafe.admit("host");
    assertEquals(probe.type, "probe");
    probe.finish({ type: "ignored" });
  }
  {
    using _probe = failsafe.admit("host");
  }
  assertEquals(state(), "half-open");
  failsafe.admit("host").finish(FAILED);
  failsafe.admit("host").finish(OK);
  failsafe.admit("host").finish(OK);
  assertEquals(state(), "closed");
});

Deno.test("a breaker ignores calls that started before its last transition", () => {
  const { clock, failsafe, call, state } = start();
  const old = Array.from({ length: 20 }, () => failsafe.admit("host"));
  for (let i = 0; i < 10; i++) call(FAILED);
  clock.advance(10_000);
  for (let i = 0; i < 2; i++) call(OK);
  assertEquals(state(), "closed");
  for (const admission of old) admission.finish(FAILED);
  assertEquals(state(), "closed");
});

Deno.test("trip() opens a breaker for a while, reset() closes it and clears its history", () => {
  const { clock, failsafe, call, state } = start();
  failsafe.trip("host", { forMs: 3_600_000 });
  clock.advance(3_599_999);
  assertEquals(call(OK), "refused");
  clock.advance(1);
  assertEquals(call(OK), "probe");
  failsafe.reset("host");
  assertEquals(state(), "closed");
  for (let i = 0; i < 9; i++) call(FAILED);
  failsafe.reset("host");
  call(FAILED);
  assertEquals(state(), "closed");
});

Deno.test("breakerRules() refuses contradictory rules", () => {
  for (const rules of [{ probes: 1 }, { successes: 0 }, { jitter: 1 }, { waitMs: 0 }, { minCalls: NaN }]) {
    assertThrows(() => breakerRules(rules), RangeError, "Cannot make a breaker");
  }
});
