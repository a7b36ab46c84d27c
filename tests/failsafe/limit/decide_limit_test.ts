import { assert, assertEquals, assertThrows } from "@std/assert";
import { decideLimit, freshLimit, type LimitOutcome, limitRules, type LimitState } from "../../../lib/failsafe/mod.ts";

const RULES = limitRules({ start: 4, ceiling: 20 });

/** A fully used host: each outcome is reported in turn, with the numbers that AdaptiveLimit passes. */
class Story {
  readonly reasons: string[] = [];
  readonly pauses: number[] = [];
  order = 1000;
  /** Stands still, so that only rounds count, unless a test moves it. */
  nowMs = 0;
  constructor(public state: LimitState, readonly rules = RULES) {}

  tell(outcome: LimitOutcome, options: { readonly order?: number; readonly inFlight?: number } = {}): void {
    const { order = this.order++, inFlight = this.state.limit } = options;
    const { nowMs } = this;
    const decision = decideLimit(this.state, { outcome, order, nextOrder: this.order, inFlight, nowMs }, this.rules);
    this.state = decision.state;
    if (decision.reason !== undefined) this.reasons.push(decision.reason);
    if (decision.pauseMs !== undefined) this.pauses.push(decision.pauseMs);
  }

  /** Bytes flow for a while, on all connections that the limit allows. */
  flows(seconds: number, options: { readonly inFlight?: number } = {}): void {
    for (let second = 0; second < seconds; second++) {
      this.nowMs += 1000;
      this.tell({ type: "flowing" }, options);
    }
  }

  answers(count: number, latencyMs: number, options: { readonly inFlight?: number } = {}): void {
    for (let index = 0; index < count; index++) this.tell({ type: "ok", latencyMs }, options);
  }
}

function story(change: Partial<LimitState> = {}, rules = RULES): Story {
  return new Story({ ...freshLimit(rules), ...change }, rules);
}

Deno.test("decideLimit() adds one after a calm round that used the limit", () => {
  const it = story();
  it.answers(7, 100);
  assertEquals(it.state.limit, 4);
  it.answers(1, 100);
  assertEquals([it.state.limit, it.reasons], [5, ["room"]]);
});

Deno.test("decideLimit() adds nothing if the limit is not fully used", () => {
  const it = story();
  it.answers(80, 100, { inFlight: 3 });
  assertEquals([it.state.limit, it.state.rounds], [4, 10]);
});

Deno.test("decideLimit() ignores responses while less than half of the limit is used", () => {
  const it = story({ longMs: 100, rounds: 9 });
  it.answers(80, 5000, { inFlight: 1 });
  assertEquals([it.state.limit, it.state.longMs, it.state.rounds], [4, 100, 9]);
});

Deno.test("decideLimit() never goes above the ceiling", () => {
  const it = story({}, limitRules({ ceiling: 6 }));
  it.answers(500, 100);
  assertEquals(it.state.limit, 6);
});

Deno.test("decideLimit() subtracts a fifth after a refusal, at least one", () => {
  for (const [from, to] of [[20, 16], [10, 8], [5, 4], [4, 3], [2, 1]] as const) {
    const it = story({ limit: from });
    it.tell({ type: "refused" });
    assertEquals([it.state.limit, it.reasons], [to, ["refused"]]);
  }
});

Deno.test("decideLimit() counts a burst of refusals once", () => {
  const it = story({ limit: 20 });
  it.order = 1020;
  for (let order = 1000; order < 1020; order++) it.tell({ type: "refused" }, { order });
  assertEquals([it.state.limit, it.reasons], [16, ["refused"]]);
  // Responses to requests under the new limit count for the new limit.
  it.tell({ type: "refused" });
  assertEquals(it.state.limit, 12);
});

Deno.test("decideLimit() returns Retry-After, also for the rest of a burst", () => {
  const it = story({ limit: 20 });
  it.tell({ type: "refused", retryAfterMs: 2000 });
  it.tell({ type: "refused", retryAfterMs: 3000 }, { order: 999 });
  it.tell({ type: "refused" }, { order: 999 });
  assertEquals([it.state.limit, it.pauses], [16, [2000, 3000]]);
});

Deno.test("decideLimit() waits longer and longer at the floor", () => {
  const it = story({ limit: 1 });
  for (let index = 0; index < 7; index++) it.tell({ type: "refused" });
  assertEquals(it.pauses, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  it.answers(1, 100);
  it.tell({ type: "refused" });
  it.tell({ type: "refused", retryAfterMs: 7 });
  assertEquals([it.pauses.slice(7), it.state.limit, it.reasons], [[1000, 7], 1, []]);
});

Deno.test("decideLimit() retries a refused limit after its patience, which doubles up to a bound", () => {
  const it = story({ longMs: 100, rounds: 10 }, limitRules({ start: 5, ceiling: 20, measureEvery: 1_000_000 }));
  const rounds: number[] = [];
  for (let failure = 0; failure < 4; failure++) {
    it.tell({ type: "refused" });
    assertEquals(it.state.limit, 4);
    const before = it.state.rounds;
    while (it.state.limit < 5) it.answers(1, 100);
    rounds.push(it.state.rounds - before);
  }
  assertEquals(rounds, [10, 20, 40, 40]);
});

Deno.test("decideLimit() grows quickly again once a refused limit proves harmless", () => {
  const it = story({ limit: 5, brokenAt: 5, patience: 40, longMs: 100, rounds: 10 });
  it.answers(8, 100);
  assertEquals([it.state.limit, it.state.brokenAt], [6, null]);
  it.answers(8, 100);
  assertEquals(it.state.limit, 7);
});

Deno.test("decideLimit() shrinks by the gradient after two slow rounds", () => {
  const it = story({ limit: 10, longMs: 100, rounds: 10 });
  it.answers(10, 300);
  assertEquals(it.state.limit, 10);
  it.answers(10, 300);
  assertEquals([it.state.limit, it.reasons, it.state.brokenAt], [8, ["latency"], 10]);
  // A little above the tolerance subtracts a little.
  const mild = story({ limit: 20, longMs: 100, rounds: 10 });
  mild.answers(40, 165);
  assertEquals(mild.state.limit, 19);
});

Deno.test("decideLimit() ignores single cold objects and one slow round", () => {
  const it = story({ limit: 8, longMs: 100, rounds: 10 }, limitRules({ ceiling: 8, measureEvery: 1_000_000 }));
  for (let round = 0; round < 100; round++) {
    it.answers(5, 100);
    it.answers(3, 20_000);
  }
  for (let round = 0; round < 20; round++) {
    it.answers(8, 300);
    it.answers(8, 100);
  }
  assertEquals([it.state.limit, it.reasons], [8, []]);
});

Deno.test("decideLimit() ignores responses to requests sent under another limit", () => {
  const it = story({ limit: 5, longMs: 100, rounds: 10 });
  it.tell({ type: "refused" });
  for (let index = 0; index < 100; index++) it.tell({ type: "ok", latencyMs: 900 }, { order: 999 });
  assertEquals([it.state.limit, it.state.latencies.length], [4, 0]);
});

Deno.test("decideLimit() treats slowness at the floor as the host's own pace, and grows from there", () => {
  const it = story({ limit: 4, longMs: 100, rounds: 10 });
  const lowest = () => it.state.limit === 1;
  for (let index = 0; index < 1000 && !lowest(); index++) it.answers(1, 400);
  assert(lowest());
  it.answers(16, 400);
  assertEquals(it.state.longMs, 400);
  it.answers(400, 400);
  assert(it.state.limit > 4);
});

Deno.test("decideLimit() periodically measures at half the limit, and corrects a latency that load has raised", () => {
  const it = story({ limit: 8, longMs: 200, rounds: 99 }, limitRules({ ceiling: 8 }));
  it.answers(8, 200);
  assertEquals([it.state.limit, it.state.restoreTo], [4, 8]);
  it.answers(16, 100);
  assertEquals([it.state.limit, it.state.longMs, it.reasons], [8, 120, ["measure", "measure"]]);
  it.answers(16, 200);
  assertEquals([it.state.limit, it.reasons.at(-1)], [7, "latency"]);
});

Deno.test("decideLimit() does not restore the limit if a refusal arrives during a measurement", () => {
  const it = story({ limit: 8, longMs: 100, rounds: 99 });
  it.answers(8, 100);
  it.tell({ type: "refused" });
  it.answers(8, 100);
  assertEquals([it.state.limit, it.state.restoreTo], [3, null]);
});

Deno.test("decideLimit() lowers a long latency quickly if it is far above the short one, and raises it slowly", () => {
  const rules = limitRules({ ceiling: 4, measureEvery: 1_000_000 });
  const down = story({ limit: 4, longMs: 1000, rounds: 10 }, rules);
  down.answers(8 * 50, 100);
  assert(down.state.longMs! < 200, `still ${down.state.longMs}`);
  const up = story({ limit: 4, longMs: 100, rounds: 10 }, rules);
  up.answers(8 * 50, 140);
  assert(up.state.longMs! > 102 && up.state.longMs! < 110, `already ${up.state.longMs}`);
});

Deno.test("decideLimit() neither grows nor shrinks for broken connections", () => {
  const it = story({ limit: 4, longMs: 100, rounds: 10 });
  for (let index = 0; index < 100; index++) {
    it.answers(7, 100);
    it.tell({ type: "failed" });
  }
  assertEquals([it.state.limit, it.reasons], [4, []]);
});

Deno.test("decideLimit() ignores outcomes unrelated to load", () => {
  const { state } = story();
  assertEquals(
    decideLimit(state, { outcome: { type: "ignored" }, order: 1, nextOrder: 2, inFlight: 4, nowMs: 0 }, RULES),
    {
      state,
    },
  );
});

Deno.test("decideLimit() stays a whole number within its bounds for any latencies", () => {
  const it = story();
  for (const latencyMs of [0, 0, 1e9, 0, 5e-324, 1e9, 1e9, 1e9, 0]) it.answers(40, latencyMs);
  assert(Number.isInteger(it.state.limit) && it.state.limit >= 1 && it.state.limit <= 20);
  assert(Number.isFinite(it.state.longMs!));
});

Deno.test("limitRules() refuses contradictory bounds", () => {
  for (const options of [{ floor: 0 }, { floor: 3, ceiling: 2 }, { start: 9, ceiling: 4 }, { ceiling: 2.5 }]) {
    assertThrows(() => limitRules(options), RangeError);
  }
  assertEquals(limitRules({ floor: 6 }).ceiling, 6);
});

Deno.test("decideLimit() recovers from an outage while bytes flow, one step every five seconds", () => {
  const it = story({ longMs: 100, rounds: 10 });
  for (let index = 0; index < 9; index++) it.tell({ type: "refused" });
  assertEquals(it.state.limit, 1);
  it.flows(20);
  assertEquals([it.state.limit, it.state.shrunkFrom], [4, 4]);
  it.flows(10);
  assertEquals([it.state.limit, it.state.shrunkFrom, it.state.brokenAt], [4, null, null]);
  // Beyond what was in force before, only rounds show whether there is room.
  it.flows(3600);
  assertEquals([it.state.limit, new Set(it.reasons)], [4, new Set(["refused", "recovered"])]);
});

Deno.test("decideLimit() tries a limit that is refused again and again every 40 seconds at last", () => {
  const it = story({ limit: 3 });
  const waits: number[] = [];
  for (let failure = 0; failure < 5; failure++) {
    it.tell({ type: "refused" });
    const before = it.nowMs;
    while (it.state.limit < 3) it.flows(1);
    waits.push((it.nowMs - before) / 1000);
  }
  assertEquals(waits.map((seconds) => Math.round(seconds / 5) * 5), [5, 10, 20, 40, 40]);
});

Deno.test("decideLimit() does not recover while requests are refused or fail, or the limit is not used", () => {
  const it = story({ limit: 2, shrunkFrom: 4 });
  for (let index = 0; index < 50; index++) {
    it.flows(3);
    it.tell({ type: "failed" });
  }
  assertEquals(it.state.limit, 2);
  for (let index = 0; index < 50; index++) {
    it.flows(3);
    it.tell({ type: "refused" }, { order: -1 });
  }
  assertEquals(it.state.limit, 2);
  it.flows(600, { inFlight: 1 });
  assertEquals(it.state.limit, 2);
});

Deno.test("decideLimit() gives up a measurement that long responses would draw out", () => {
  const it = story({ limit: 4, longMs: 100, rounds: 99 });
  it.answers(8, 100);
  assertEquals([it.state.limit, it.reasons], [2, ["measure"]]);
  it.flows(17);
  assertEquals([it.state.limit, it.state.longMs, it.reasons], [4, 100, ["measure", "measure"]]);
});
