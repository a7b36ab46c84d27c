import { assert } from "@std/assert";
import { seededRandom } from "../../../lib/base/mod.ts";
import {
  admitCall,
  advanceBreaker,
  type BreakerRecord,
  breakerRules,
  type BreakerStep,
  endProbe,
  freshBreaker,
  judgeCalls,
  type MoveBreakerOptions,
} from "../../../lib/failsafe/mod.ts";

const RULES = breakerRules();

/** A random history of a breaker: calls, probes with any or no outcome, and a clock that sometimes jumps. */
class Life {
  record: BreakerRecord;
  now = Date.UTC(2026, 0, 1);
  readonly #random: () => number;
  readonly #probes: string[] = [];
  #verdicts = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.record = freshBreaker(this.now);
  }

  moment(): MoveBreakerOptions {
    return { now: this.now, rules: RULES, dice: this.#random() };
  }

  step(): void {
    const dice = this.#random();
    if (dice < 0.03) this.now += Math.round((this.#random() - 0.5) * 1e8);
    else if (dice < 0.3) this.now += Math.round(this.#random() * 30_000);
    else if (dice < 0.65) this.#admit();
    else if (dice < 0.95) this.#end();
    else {
      const seen = { calls: 10, failures: 10, slow: 0, sinceSuccessMs: Infinity, hardStreak: 0 };
      this.#take(judgeCalls(this.record, seen, this.moment()));
    }
  }

  #admit(): void {
    const id = `p${this.#probes.length}`;
    const answer = admitCall(this.record, { ...this.moment(), probe: id });
    assert((answer.type === "allowed") === (answer.record.state === "closed"), "only a closed one lets all through");
    assert(answer.type !== "refused" || answer.retryInMs > 0, "a refusal says when to come again");
    assert(answer.retryInMs <= RULES.maxWaitMs, "nobody waits for longer than the longest wait");
    this.#take(answer);
    if (answer.type === "probe") this.#probes.push(id);
  }

  #end(): void {
    const id = this.#probes[Math.floor(this.#random() * this.#probes.length)] ?? "never admitted";
    const end = (["ok", "failed", "none"] as const)[Math.floor(this.#random() * 3)]!;
    this.#take(endProbe(this.record, { id, outcome: end }, this.moment()));
  }

  #take(step: BreakerStep): void {
    let state = this.record.state;
    for (const change of step.changes) {
      assert(change.from === state && change.from !== change.to, `${state}: ${change.from} to ${change.to}`);
      assert(change.to !== "half-open" || change.from === "open", "only an open one is tried");
      state = change.to;
    }
    this.record = step.record;
    const { probes, succeeded, failed, until } = this.record;
    assert(this.record.state === state, "every transition is told");
    assert((until !== null) === (state === "open"), "an open one has an end, and no other has");
    assert(probes.length + succeeded + failed <= RULES.probes, "no more probes than allowed");
    assert(state === "half-open" || probes.length + succeeded + failed === 0, "probes belong to half-open");
    assert(succeeded < RULES.successes && failed <= RULES.probes - RULES.successes, "a verdict ends it");
    this.#verdicts += step.changes.length;
  }

  /** From any state, if every call succeeds from now on, it closes within the longest wait and the probes' time. */
  heal(): void {
    for (let i = 0; i < 6; i++) {
      this.now += RULES.maxWaitMs + RULES.probeTimeoutMs;
      this.#take(advanceBreaker(this.record, this.moment()));
      for (let probe = 0; probe < RULES.probes; probe++) {
        const id = `heal ${i} ${probe}`;
        const answer = admitCall(this.record, { ...this.moment(), probe: id });
        this.#take(answer);
        if (answer.type === "probe") this.#take(endProbe(this.record, { id, outcome: "ok" }, this.moment()));
      }
      if (this.record.state === "closed") return;
    }
    assert(false, `stuck: ${JSON.stringify(this.record)}`);
  }
}

Deno.test("a breaker is never stuck and breaks no rule in two hundred random runs", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const life = new Life(seed);
    for (let i = 0; i < 200; i++) life.step();
    life.heal();
  }
});
