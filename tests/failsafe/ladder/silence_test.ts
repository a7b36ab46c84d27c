import { assertEquals } from "@std/assert";
import { decideMode, freshMode, type ModeRules, modeRules, type ModeState } from "../../../lib/failsafe/mod.ts";

const QUIET = { calls: 0, failures: 0, flowedAt: null, silentMs: 0, tripped: [], gone: null };

/** A ladder whose process has received its last byte at a time. */
class Ladder {
  readonly rules: ModeRules;
  readonly changes: string[] = [];
  state: ModeState;
  now = 0;
  #flowedAt = 0;

  constructor(options: Partial<ModeRules> = {}) {
    this.rules = modeRules(options);
    this.state = freshMode(this.rules, 0);
  }

  /** Advance by seconds, second by second, with bytes or without any. */
  pass(seconds: number, isFlowing: boolean, signals: Partial<typeof QUIET> = {}): void {
    for (let second = 0; second < seconds; second++) {
      this.now += 1000;
      if (isFlowing) this.#flowedAt = this.now;
      const { state, change } = decideMode(this.state, {
        ...QUIET,
        flowedAt: this.#flowedAt,
        silentMs: this.now - this.#flowedAt,
        ...signals,
      }, { now: this.now, rules: this.rules });
      this.state = state;
      if (change !== undefined) this.changes.push(`${this.now / 1000} ${change.to}: ${change.reason}`);
    }
  }
}

Deno.test("decideMode() steps down every 30 s while no byte arrives, and pauses after five minutes, without any call", () => {
  const ladder = new Ladder();
  ladder.pass(10, true);
  ladder.pass(599, false);
  assertEquals(ladder.changes, [
    "40 parallel: no byte has arrived for 30s",
    "70 resilient: no byte has arrived for 1m",
    "100 stable: no byte has arrived for 1m 30s",
    "310 paused: no byte has arrived for 5m",
  ]);
});

Deno.test("decideMode() pauses for no silence that is shorter than the one that lowers a mode", () => {
  const ladder = new Ladder({ goneMs: 1000, rungs: ["stable", "paused"] });
  ladder.pass(29, false);
  assertEquals(ladder.changes, []);
  ladder.pass(1, false);
  assertEquals(ladder.changes, ["30 paused: no byte has arrived for 30s"]);
});

Deno.test("decideMode() returns to the mode before a silence also after the pause that it led to", () => {
  const ladder = new Ladder();
  ladder.pass(10, true);
  ladder.pass(301, false);
  const first = ladder.changes.length;
  ladder.pass(299, false, { silentMs: 0 });
  ladder.pass(30, true);
  assertEquals(ladder.changes.slice(first), ["610 stable: the pause is over", "621 turbo: bytes arrive again"]);
});

Deno.test("decideMode() returns to the mode before a silence when bytes have arrived for 10 s", () => {
  const ladder = new Ladder();
  ladder.pass(10, true);
  ladder.pass(100, false);
  const first = ladder.changes.length;
  // Attempts that began in the silence still fail after it.
  ladder.pass(60, true, { calls: 8, failures: 4 });
  assertEquals(ladder.changes.slice(first), ["121 turbo: bytes arrive again"]);
});

Deno.test("decideMode() waits with the return until bytes keep arriving and no breaker refuses requests", () => {
  const ladder = new Ladder();
  ladder.pass(10, true);
  ladder.pass(35, false);
  const first = ladder.changes.length;
  ladder.pass(1, true);
  ladder.pass(29, false);
  ladder.pass(15, true, { tripped: [{ key: "a", at: 0, cause: null }] as never });
  assertEquals(ladder.changes.slice(first), []);
  ladder.pass(1, true);
  assertEquals(ladder.changes.slice(first), ["91 turbo: bytes arrive again"]);
});

Deno.test("decideMode() climbs as usual after a silence that follows a step up", () => {
  const ladder = new Ladder();
  ladder.pass(40, false);
  ladder.pass(12, true);
  ladder.pass(40, false);
  ladder.pass(60, true);
  assertEquals(ladder.changes.map((change) => change.replace(/:.*/, "")), ["30 parallel", "51 turbo", "82 parallel"]);
  ladder.pass(120, true);
  assertEquals(ladder.changes.at(-1), "212 turbo: no trouble for 2m");
});
