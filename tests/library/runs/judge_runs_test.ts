import { assertEquals } from "@std/assert";
import { judgeRuns, type RunRecord } from "../../../lib/library/mod.ts";

const HOUR_MS = 3_600_000;

/** A nightly update that ended well after half an hour, at an hour since the epoch. */
function runAt(hour: number, facts: Partial<RunRecord> = {}): RunRecord {
  return {
    id: `${hour}`,
    pid: 1,
    command: "update",
    isAttended: false,
    reserveBytes: 0,
    state: "ended",
    startedAt: new Date(hour * HOUR_MS).toISOString(),
    endedAt: new Date((hour + 0.5) * HOUR_MS).toISOString(),
    exitCode: 0,
    done: 1,
    failed: 0,
    left: 0,
    leftBytes: 0,
    fetchedBytes: 0,
    neededBytes: null,
    silentMs: 0,
    cause: null,
    message: null,
    hint: null,
    again: null,
    pause: null,
    failure: null,
    target: null,
    key: null,
    keyOrigin: null,
    ...facts,
  };
}

const KILLED = { state: "killed", endedAt: null, exitCode: null, left: null } as const;

/** Judge runs that are given in the order in which they happened. */
function judge(...runs: readonly RunRecord[]) {
  return judgeRuns(runs.toReversed());
}

function failedHour(...runs: readonly RunRecord[]): number | null {
  const { failed } = judge(...runs);
  return failed === null ? null : Number(failed.id);
}

Deno.test("judgeRuns() says nothing of a library without runs", () => {
  const { last, failed, lastEndMs, successAwaitedSinceMs, key } = judgeRuns([]);
  assertEquals([last, failed, lastEndMs, successAwaitedSinceMs, key], [null, null, null, null, null]);
});

Deno.test("judgeRuns() counts a run as failed by its exit code, until a later run of its kind makes it good", () => {
  for (const exitCode of [1, 2, 4, 5, 6, 7]) assertEquals(failedHour(runAt(0), runAt(24, { exitCode })), 24);
  // --max-time and signals are what somebody asked for.
  for (const exitCode of [0, 3, 129, 130, 143]) assertEquals(failedHour(runAt(0), runAt(24, { exitCode })), null);
  assertEquals(failedHour(runAt(0, KILLED)), 0);
  assertEquals(failedHour(runAt(0, { exitCode: 5 }), runAt(24)), null);
  assertEquals(failedHour(runAt(0, { exitCode: 5 }), runAt(3, { command: "verify" })), 0);
  assertEquals(failedHour(runAt(0, { command: "verify", exitCode: 7 }), runAt(3)), 0);
  assertEquals(failedHour(runAt(0, { command: "verify", exitCode: 7 }), runAt(3, { command: "repair" })), null);
  assertEquals(
    failedHour(runAt(0, { exitCode: 6 }), runAt(24, { state: "running", endedAt: null, exitCode: null })),
    0,
  );
});

Deno.test("judgeRuns() keeps a failure over runs that were stopped, until one ends well", () => {
  const failure = runAt(0, { exitCode: 5 });
  for (const exitCode of [129, 130, 143]) {
    assertEquals(failedHour(failure, runAt(24, { exitCode }), runAt(30, { exitCode })), 0);
    assertEquals(failedHour(failure, runAt(24, { exitCode }), runAt(48)), null);
  }
  assertEquals(failedHour(failure, runAt(24, { exitCode: 3 })), null);
});

Deno.test("judgeRuns() awaits a nightly job only where one ran on two nights that nobody watched", () => {
  const hourOf = (...runs: readonly RunRecord[]) => {
    const { successAwaitedSinceMs } = judge(...runs);
    return successAwaitedSinceMs === null ? null : successAwaitedSinceMs / HOUR_MS;
  };
  assertEquals(hourOf(runAt(0)), null);
  // Runs of one day, runs by hand, weekly runs, and checks are no nightly job.
  assertEquals(hourOf(runAt(0), runAt(1), runAt(2)), null);
  assertEquals(hourOf(runAt(0, { isAttended: true }), runAt(24, { isAttended: true })), null);
  assertEquals(hourOf(runAt(0), runAt(168), runAt(336)), null);
  assertEquals(hourOf(runAt(0, { command: "verify" }), runAt(24, { command: "verify" })), null);
  assertEquals(hourOf(runAt(0), runAt(24)), 24.5);
  // Since its first run, if it never succeeded; a run by hand that succeeds counts.
  assertEquals(hourOf(runAt(0, { exitCode: 6 }), runAt(24, { exitCode: 6 }), runAt(48, { exitCode: 6 })), 0);
  assertEquals(hourOf(runAt(0), runAt(24, KILLED), runAt(30, { isAttended: true })), 30.5);
  // A job that was given up is over with the next run that is not of its kind.
  assertEquals(hourOf(runAt(0), runAt(24), runAt(24 * 30)), null);
});

Deno.test("judgeRuns() knows the key by the last run that learnt something of it", () => {
  const rejected = runAt(0, { exitCode: 5, key: "rejected", keyOrigin: "CIVITAI_API_KEY" });
  const keyOf = (...runs: readonly RunRecord[]) => {
    const { key, keyOrigin } = judge(...runs);
    return [key, keyOrigin];
  };
  assertEquals(keyOf(rejected, runAt(24, { exitCode: 6 })), ["rejected", "CIVITAI_API_KEY"]);
  assertEquals(keyOf(rejected, runAt(24, { key: "accepted", keyOrigin: "--token" })), ["accepted", "--token"]);
});

Deno.test("judgeRuns() takes a declined plan for no success: what failed before stays failed", () => {
  const failure = runAt(0, { exitCode: 1, cause: "creator-fails" });
  const declined = runAt(1, { exitCode: 0, cause: "declined" });
  assertEquals(judge(failure, declined).failed?.cause, "creator-fails");
  assertEquals(judge(declined).lastSuccessMs, null);
  assertEquals(judge(failure, declined, runAt(2)).failed, null);
});

Deno.test("judgeRuns() names how long nothing arrived only if the last run that fetched files failed", () => {
  const gaveUp = runAt(0, { exitCode: 6, silentMs: 300_000 });
  const running = { state: "running", endedAt: null, exitCode: null } as const;
  assertEquals(judge(runAt(0)).silentMs, 0);
  assertEquals(judge(gaveUp).silentMs, 300_000);
  assertEquals(judge(gaveUp, runAt(1, { command: "verify" }), runAt(2, running)).silentMs, 300_000);
  const refused = { exitCode: 6, cause: "paused" };
  assertEquals(judge(gaveUp, runAt(1, refused), runAt(2, refused)).silentMs, 300_000);
  assertEquals(judge(runAt(0), runAt(1, refused)).silentMs, 0);
  assertEquals(judge(gaveUp, runAt(1)).silentMs, 0);
  // Somebody has taken over, or the kill left no record.
  assertEquals(judge(gaveUp, runAt(1, { exitCode: 130, silentMs: 300_000 })).silentMs, 0);
  assertEquals(judge(gaveUp, runAt(1, KILLED)).silentMs, 0);
});

Deno.test("judgeRuns() says whether the run under way may make the failed one good", () => {
  const failure = runAt(0, { exitCode: 6 });
  const running = { state: "running", endedAt: null, exitCode: null } as const;
  assertEquals(judge(failure).isRepeating, false);
  assertEquals(judge(runAt(0), runAt(1, running)).isRepeating, false);
  assertEquals(judge(failure, runAt(1, running)).isRepeating, true);
  assertEquals(judge(failure, runAt(1, { ...running, command: "verify" })).isRepeating, false);
});

Deno.test("judgeRuns() does not hold a refused key against the run under way, which may have another one", () => {
  const refused = runAt(0, { exitCode: 5, key: "rejected", keyOrigin: "CIVITAI_API_KEY" });
  const running = { state: "running", endedAt: null, exitCode: null } as const;
  assertEquals(judge(refused).key, "rejected");
  assertEquals(judge(refused, runAt(1, running)).key, null);
  assertEquals(judge(refused, runAt(1, { ...running, command: "verify" })).key, "rejected");
  assertEquals(judge(refused, runAt(1, KILLED)).key, "rejected");
  assertEquals(judge(runAt(0, { key: "accepted" }), runAt(1, running)).key, "accepted");
});
