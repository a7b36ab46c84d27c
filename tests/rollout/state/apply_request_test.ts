import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  applyRequest,
  explainRollout,
  IDLE_ROLLOUT,
  recordOutcomes,
  type RolloutRecord,
  type RolloutRequest,
  settleRollout,
} from "../../../lib/rollout/mod.ts";
import { compare, HOUR, pass, planOf, record, START, started, USUAL } from "../_plans.ts";

function apply(rollout: RolloutRecord, request: RolloutRequest, now = START + 60_000): RolloutRecord {
  const { rollout: next, error } = applyRequest(rollout, request, { now });
  if (error !== null) throw error;
  return next;
}

/** Code and message of the refusal. */
function refusalOf(rollout: RolloutRecord, request: RolloutRequest, now = START + 60_000): string {
  const { rollout: next, error, done } = applyRequest(rollout, request, { now });
  assertEquals([next, done], [rollout, null]);
  return `${error!.code}: ${error!.message}`;
}

function placeOf({ state, step, weight }: RolloutRecord): unknown {
  return [state, step, weight];
}

/** A rollout in each state. */
const running = started();
const atPause = pass(running);
const paused = apply(running, { type: "pause" });
const degraded = apply(running, { type: "abort" });
const completed = apply(running, { type: "set-weight", percentage: 100, override: "urgent" });

Deno.test("a rollout goes 10 % → analysis → pause → 50 % → analysis → 100 %, with one event for each transition", () => {
  assertEquals(placeOf(running), ["running", 1, 10]);
  assertEquals(placeOf(atPause), ["running", 2, 10]);
  const half = settleRollout(atPause, START + 2 * HOUR);
  assertEquals([placeOf(half), half.arms.canary.ok], [["running", 4, 50], 0]);
  const done = pass(half, START + 2 * HOUR);
  assertEquals(placeOf(done), ["completed", 6, 100]);
  assertEquals(done.events.map(({ id, action, by, weight }) => [id, action, by, weight]), [
    [1, "start", "person", 10],
    [2, "advance", "judge", 10],
    [3, "advance", "clock", 50],
    [4, "advance", "judge", 100],
  ]);
  assertStringIncludes(done.reason, "0 of 80 canary downloads failed");
});

Deno.test("a pause of an hour is over after 61 minutes, not after 59", () => {
  assertEquals(settleRollout(atPause, START + 59 * 60_000), atPause);
  assertEquals(placeOf(settleRollout(atPause, START + 61 * 60_000)), ["running", 4, 50]);
});

Deno.test("a clock that is set back restarts the pause instead of extending it by years", () => {
  const future = { ...atPause, stepEnteredAt: START + 1e12 };
  const settled = settleRollout(future, START);
  assertEquals([settled.stepEnteredAt, settled.revision], [START, future.revision]);
  assertEquals(settleRollout(settled, START + HOUR).weight, 50);
});

Deno.test("no traffic for a year: the rollout stays, and status says inconclusive: 0/50 samples", () => {
  const later = START + 365 * 24 * HOUR;
  assertEquals(settleRollout(running, later), running);
  const status = explainRollout(running, later);
  assertEquals(status.isInconclusive, true);
  assertStringIncludes(status.waitsFor, "inconclusive: 0/50 samples");
  assertStringIncludes(
    refusalOf(running, { type: "promote" }, later),
    "inconclusive: Cannot promote: inconclusive: 0/50",
  );
});

Deno.test("promote leaves a pause at once, and an analysis only if the judge allows it or a reason is given", () => {
  assertEquals(placeOf(apply(atPause, { type: "promote" })), ["running", 4, 50]);
  assertEquals(refusalOf(running, { type: "promote" }).split(":")[0], "inconclusive");
  const forced = apply(running, { type: "promote", override: "a demonstration" });
  assertEquals([placeOf(forced), forced.events.at(-1)!.override], [["running", 2, 10], "a demonstration"]);
});

Deno.test("promote refuses a step that began less than 30 s ago, and says how long to wait", () => {
  const { rollout, error } = applyRequest(atPause, { type: "promote" }, { now: START + 20_000 });
  assertEquals([rollout, error?.code], [atPause, "unsafe"]);
  assertStringIncludes(error!.message, "Cannot promote: the step began 20s ago");
  assertStringIncludes(error!.hint!, "try again in 10s");
});

Deno.test("promote after the end of a pause moves one step, not two", () => {
  const { rollout, done } = applyRequest(atPause, { type: "promote" }, { now: START + 2 * HOUR });
  assertEquals([placeOf(rollout), done], [["running", 4, 50], '"fast" is at 50 %']);
});

Deno.test("abort works in each state, also after 100 %, and gives nobody the canary", () => {
  for (const rollout of [running, atPause, paused, completed]) {
    const aborted = apply(rollout, { type: "abort", reason: "wrong files" });
    assertEquals([aborted.state, aborted.weight], ["degraded", 0]);
    assertStringIncludes(aborted.reason, "wrong files");
  }
  assertEquals(apply(degraded, { type: "abort" }), degraded);
  assertEquals(refusalOf(IDLE_ROLLOUT, { type: "abort" }), "unsafe: Cannot abort: no rollout was started");
});

Deno.test("retry after an abort begins at step 0 and forgets the downloads that led to it", () => {
  const failed = record(running, "canary", { type: "error" }, { times: 3 });
  assertEquals([failed.state, failed.arms.canary.errors], ["degraded", 2]);
  const again = apply(failed, { type: "retry" });
  assertEquals([placeOf(again), again.arms.canary.errors], [["running", 1, 10], 0]);
  assert(again.attempt !== failed.attempt);
  // A download of the attempt before does not count.
  const late = { attempt: failed.attempt, arm: "canary", outcome: { type: "integrity" } } as const;
  assertEquals(recordOutcomes(again, [late], START + 60_000), again);
  assertEquals(recordOutcomes(again, [{ ...late, attempt: again.attempt }], START).state, "degraded");
  assertEquals(applyRequest(again, { type: "retry" }, { now: START }).error!.code, "unsafe");
});

Deno.test("the judge aborts at one wrong content, also while the rollout is paused", () => {
  for (const rollout of [running, atPause, paused]) {
    const aborted = record(rollout, "canary", { type: "integrity" });
    assertEquals([aborted.state, aborted.reason], ["degraded", "1 canary download had wrong content"]);
  }
});

Deno.test("set-weight goes to a share if the analyses before it have passed", () => {
  assertEquals(placeOf(apply(atPause, { type: "set-weight", percentage: 50 })), ["running", 4, 50]);
  assertEquals(refusalOf(running, { type: "set-weight", percentage: 50 }).split(":")[0], "inconclusive");
  assertStringIncludes(
    refusalOf(atPause, { type: "set-weight", percentage: 100 }),
    "inconclusive: Cannot go to 100 %: the analysis at 50 % has not begun",
  );
  assertEquals(placeOf(completed), ["completed", 6, 100]);
  assertEquals(completed.events.at(-1)!.override, "urgent");
});

Deno.test("a canary that turns out to be slow during a pause is aborted, and no share is accepted after it", () => {
  const slow = compare(atPause, Array.from({ length: 20 }, () => 0.5));
  assertEquals([slow.state, slow.weight], ["degraded", 0]);
  assertEquals(explainRollout(slow, START).judgement?.verdict, "abort");
  for (const request of [{ type: "set-weight", percentage: 50 }, { type: "promote" }, { type: "resume" }] as const) {
    assertStringIncludes(
      refusalOf(slow, request),
      "it was aborted: the canary was slower by more than 25 % in 10 of 10",
    );
  }
  const { error } = applyRequest(slow, { type: "set-weight", percentage: 50, override: "I know better" }, {
    now: START,
  });
  assertEquals([error?.code, error?.hint], ["unsafe", "Begin again at its first step: civitai-dl rollout retry"]);
});

Deno.test("what the judge says at a pause is obeyed: its analysis has passed, and only an abort is left", () => {
  const doubtful = compare(record(atPause, "canary", { type: "error" }), [0.7, 0.7, 0.7, 1, 1, 1]);
  const { verdict, reason } = explainRollout(doubtful, START).judgement!;
  assertEquals([verdict, reason], ["advance", "the analysis of this share has passed"]);
  assertEquals(placeOf(apply(doubtful, { type: "set-weight", percentage: 50 })), ["running", 4, 50]);
  const plain = started(planOf("{ setWeight: 10 }, { pause: 1h }, { setWeight: 100 }"));
  assertEquals(explainRollout(plain, START).judgement!.reason, "this share has no analysis");
});

Deno.test("explainRollout() says which engine fetches what", () => {
  const effectOf = (rollout: RolloutRecord) => explainRollout(rollout, START).effect;
  const none = apply(IDLE_ROLLOUT, { type: "start", plan: USUAL, percentage: 0 });
  const odd = apply(IDLE_ROLLOUT, { type: "start", plan: USUAL, percentage: 0.07 });
  assertEquals([IDLE_ROLLOUT, running, odd, none, degraded, completed].map(effectOf), [
    "downloads use the engine of their settings",
    "turbo fetches 10 % of the files, stable the other 90 %",
    "turbo fetches 0.07 % of the files, stable the other 99.93 %",
    "stable fetches all files",
    "stable fetches all files",
    "turbo fetches all files",
  ]);
});

Deno.test("set-weight between two steps judges the stage again, and a smaller share is always allowed", () => {
  assertEquals(placeOf(apply(atPause, { type: "set-weight", percentage: 30 })), ["running", 1, 30]);
  const half = apply(atPause, { type: "promote" });
  assertEquals(placeOf(apply(half, { type: "set-weight", percentage: 10 })), ["running", 1, 10]);
  assertEquals(placeOf(apply(half, { type: "set-weight", percentage: 0 })), ["running", 1, 0]);
  assertEquals(placeOf(apply(running, { type: "set-weight", percentage: 0.01 })), ["running", 1, 0.01]);
  assertEquals(apply(half, { type: "set-weight", percentage: 50 }), half);
});

Deno.test("start refuses a rollout that is completed already, until it is ended or another one is to begin", () => {
  const start = { type: "start", plan: USUAL } as const;
  const { rollout, error } = applyRequest(completed, start, { now: START });
  assertEquals(rollout, completed);
  assertEquals(error?.code, "unsafe");
  assertEquals(error?.message, `Cannot start: the rollout "${USUAL.name}" is completed: everything uses ${USUAL.to}`);
  assertEquals(
    error?.hint,
    "To lower its share: civitai-dl rollout --percentage 10; to begin again, forget this one first: civitai-dl rollout end",
  );
  assertEquals(refusalOf(completed, { ...start, percentage: 10 }), `unsafe: ${error?.message}`);
  assertEquals(apply(completed, { type: "set-weight", percentage: 10 }).weight, 10);
  assertEquals(placeOf(apply(apply(completed, { type: "end" }), start)), ["running", 1, 10]);
  assertEquals(apply(completed, { type: "start", plan: { ...USUAL, to: "parallel" } }).state, "running");
  const short = planOf("{ setWeight: 100 }");
  const again = applyRequest(apply(IDLE_ROLLOUT, { type: "start", plan: short }), { type: "start", plan: short }, {
    now: START,
  });
  assertEquals(
    again.error?.hint,
    "For another engine, change the name in the plan; to begin again, forget this one first: civitai-dl rollout end",
  );
});

Deno.test("start takes another first share below the second one, and refuses a rollout that is under way", () => {
  const small = apply(IDLE_ROLLOUT, { type: "start", plan: USUAL, percentage: 0.5 });
  assertEquals(placeOf(small), ["running", 1, 0.5]);
  const { error } = applyRequest(IDLE_ROLLOUT, { type: "start", plan: USUAL, percentage: 50 }, { now: START });
  assertEquals([error?.code, error?.message], [
    "usage",
    "Cannot start at 50 %: the step after the first one sets 50 %",
  ]);
  assertEquals(apply(running, { type: "start", plan: USUAL, percentage: 10 }), running);
  assertStringIncludes(
    refusalOf(running, { type: "start", plan: planOf("{ setWeight: 100 }", "b") }),
    '"fast" is at 10 %',
  );
  const half = apply(atPause, { type: "promote" });
  const hintOf = (rollout: RolloutRecord, percentage?: number) =>
    applyRequest(rollout, { type: "start", plan: USUAL, percentage }, { now: START }).error?.hint;
  assertEquals(hintOf(half), "Change its share: civitai-dl rollout --percentage 10");
  assertEquals(hintOf(half, 5), "Change its share: civitai-dl rollout --percentage 5");
  assertEquals(hintOf(running), "See what it waits for: civitai-dl rollout status");
  assertEquals(apply(degraded, { type: "start", plan: planOf("{ setWeight: 100 }", "b") }).plan!.name, "b");
});

Deno.test("a rollout at 0 % has no canary: its share is raised without the judge, up to that of the first step", () => {
  const none = apply(IDLE_ROLLOUT, { type: "start", plan: USUAL, percentage: 0 });
  const { waitsFor, next, steps, isInconclusive } = explainRollout(none, START);
  assertEquals([waitsFor, next, isInconclusive], [
    "a share above 0 %: no file is in the canary",
    "civitai-dl rollout --percentage 10",
    true,
  ]);
  assertEquals(steps[0], { text: "10 %", state: "ahead" });
  const { error } = applyRequest(none, { type: "promote" }, { now: START });
  assertStringIncludes(error!.hint!, "At 0 % no file is in the canary: civitai-dl rollout --percentage 10");
  assertEquals(placeOf(apply(none, { type: "set-weight", percentage: 10 })), ["running", 1, 10]);
  assertStringIncludes(refusalOf(none, { type: "set-weight", percentage: 50 }), "inconclusive");
  const few = apply(none, { type: "set-weight", percentage: 5 });
  assertStringIncludes(refusalOf(few, { type: "set-weight", percentage: 10 }), "inconclusive");
});

Deno.test("pause keeps the share, resume goes on", () => {
  assertEquals([paused.state, paused.weight], ["paused", 10]);
  assertEquals(settleRollout(pass(paused), START + 9 * HOUR).state, "paused");
  assertEquals(placeOf(apply(pass(paused), { type: "resume" })), ["running", 2, 10]);
  assertStringIncludes(refusalOf(paused, { type: "promote" }), "it is paused");
  assertStringIncludes(refusalOf(running, { type: "resume" }), "is running");
});

Deno.test("end forgets a rollout that was aborted or completed, not one that is under way", () => {
  assertEquals(apply(degraded, { type: "end" }).state, "idle");
  assertEquals(apply(completed, { type: "end" }).state, "idle");
  assertStringIncludes(refusalOf(paused, { type: "end" }), '"fast" is at 10 %');
});

Deno.test("explainRollout() names the next command in each state", () => {
  const nextOf = (rollout: RolloutRecord, now = START) => explainRollout(rollout, now).next;
  assertEquals([IDLE_ROLLOUT, running, atPause, paused, degraded, completed].map((rollout) => nextOf(rollout)), [
    "civitai-dl canary --percentage 10",
    "civitai-dl download",
    "civitai-dl rollout promote",
    "civitai-dl rollout resume",
    "civitai-dl rollout retry",
    null,
  ]);
  assertEquals(explainRollout(atPause, START + 1_080_000).waitsFor, "the end of the pause, in 42m");
  assertEquals(
    explainRollout(atPause, START + 2 * HOUR).waitsFor,
    "the next download or command: the pause is over, then comes: 50 %",
  );
});
