import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  admitCall,
  advanceBreaker,
  type BreakerRules,
  breakerRules,
  type BreakerState,
  decideMode,
  endProbe,
  Failsafe,
  freshBreaker,
  freshMode,
  holdMode,
  judgeCalls,
  modeRules,
  type ModeSignals,
  type ModeState,
  type Reason,
  releaseMode,
  resetBreaker,
  resetMode,
  tripBreaker,
} from "../../lib/failsafe/mod.ts";
import { FAILURE_CLASSES } from "../../lib/problems/mod.ts";

/** Names that stay the same in any language. */
const NAMES = /\b(?:b2\.example|turbo|parallel|resilient|stable)\b/g;

/** The sentence must be Japanese, without any English word. */
function assertJapanese(text: string): void {
  assertMatch(text, /[ぁ-んァ-ヶ一-龠]/);
  assertEquals([text, text.replaceAll(NAMES, "").match(/[A-Za-z]{2,}/g)], [text, null]);
}

Deno.test("every reason of a breaker is said in Japanese, too", () => {
  const rules: BreakerRules = breakerRules();
  const reasons = new Map<string, string>();
  const note = ({ state }: { readonly state: BreakerState }): BreakerState => {
    if (state.reason !== null) reasons.set(state.reason, state.ja.reason!);
    return state;
  };
  const now = 1_000_000;
  const moment = { now, rules, dice: 0.5 };
  const calls = { sinceSuccessMs: Infinity, calls: 0, failures: 0, slow: 0, hardStreak: 0 };
  const fresh = freshBreaker(0);
  const open = note(judgeCalls(fresh, { ...calls, hardStreak: rules.hardFailures }, moment));
  for (const failure of FAILURE_CLASSES) {
    const mainKind = { failure, status: failure === "server" ? 500 : null };
    note(judgeCalls(fresh, { ...calls, calls: 50, failures: 50, mainKind }, moment));
  }
  note(judgeCalls(fresh, { ...calls, calls: 50, slow: 50 }, moment));
  note(tripBreaker(fresh, 1000, moment));
  note(resetBreaker(open, moment));
  const later = { ...moment, now: now + 3_600_000 };
  const probed = note(admitCall(open, { ...later, probe: "p0" }));
  note(endProbe(probed, { id: "p0", outcome: "flowing" }, later));
  note(advanceBreaker(probed, { ...later, now: later.now + rules.probeTimeoutMs }));
  for (const end of ["ok", "failed"] as const) {
    let state = probed;
    for (let probe = 0; probe < rules.probes && state.phase === "half-open"; probe++) {
      state = admitCall(state, { ...later, probe: `p${probe}` }).state;
      state = note(endProbe(state, { id: `p${probe}`, outcome: end }, later));
    }
  }
  assert(reasons.size >= 9, [...reasons.keys()].join("\n"));
  for (const ja of reasons.values()) assertJapanese(ja);
});

Deno.test("every reason of a mode is said in Japanese, too", () => {
  const rules = modeRules();
  const reasons = new Map<string, string>();
  const add = ({ reason, ja }: Reason) => reasons.set(reason, ja.reason);
  const well: ModeSignals = { calls: 0, failures: 0, flowedAt: null, silentMs: 0, tripped: [], gone: null };
  const step = (state: ModeState, signals: Partial<ModeSignals>, now: number): ModeState => {
    const { state: next, change } = decideMode(state, { ...well, flowedAt: now, ...signals }, { now, rules });
    if (change !== undefined) add(change);
    return next;
  };
  const fresh = freshMode(rules, 0);
  const mainKind = { failure: "server", status: 500 } as const;
  const calls = { sinceSuccessMs: Infinity, calls: 50, failures: 50, slow: 0, hardStreak: 0, mainKind };
  const failed = judgeCalls(freshBreaker(0), calls, { now: 0, rules: breakerRules(), dice: 0 }).state.cause;
  for (
    const cause of [
      null,
      tripBreaker(freshBreaker(0), 1000, { now: 0, rules: breakerRules(), dice: 0 }).state.cause,
      failed,
    ]
  ) {
    step(fresh, { tripped: [{ key: "b2.example", at: 1, cause }] }, 1000);
  }
  step(fresh, { calls: 100, failures: 60 }, 1000);
  const disk = { en: "every storage", ja: "すべてのストレージ" };
  for (const gone of [disk, null]) {
    let state = fresh;
    for (let now = 1000; now < 3_600_000; now += 10_000) state = step(state, { gone, flowedAt: null }, now);
    for (let now = 3_600_000; now < 14_400_000; now += 10_000) state = step(state, {}, now);
  }
  let silent = fresh;
  for (let now = 1000; now < 60_000; now += 1000) silent = step(silent, { flowedAt: 0, silentMs: now }, now);
  for (let now = 61_000; now < 90_000; now += 1000) silent = step(silent, {}, now);
  assertEquals(silent.reason, "bytes arrive again");
  let failing = fresh;
  for (let now = 1000; now < 3_600_000; now += 10_000) failing = step(failing, { calls: 100, failures: 100 }, now);
  const held = holdMode(fresh, { mode: "stable", forMs: 1000 }, { now: 0, rules });
  add(held.change!);
  step(held.state, {}, 5000);
  add(releaseMode(held.state, 10).change!);
  add(resetMode(held.state, { now: 10, rules }).change!);
  assert(reasons.size >= 12, [...reasons.keys()].join("\n"));
  for (const ja of reasons.values()) assertJapanese(ja);
});

Deno.test("a status says why in both languages", async () => {
  const force = { mode: "stable", reason: "--engine stable" };
  await using forced = Failsafe.inMemory({ force });
  const { reason, ja } = forced.status().mode;
  assertEquals([reason, ja.reason], ["--engine stable", "--engine stable が指定されています"]);
  await using failsafe = Failsafe.inMemory({ ceiling: "parallel" });
  assertJapanese(failsafe.status().mode.ja.reason);
  failsafe.hold("stable");
  assertEquals(failsafe.status().mode.ja.reason, "手動でモードを固定しています");
});
