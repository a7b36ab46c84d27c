import { join } from "node:path";
import { formatCount, formatDuration } from "../../base/mod.ts";
import { judgeRuns, readRuns, type RunRecord, type RunsVerdict, STATE_FOLDER } from "../../library/mod.ts";
import { isProblemId, type ProblemId } from "../../problems/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace } from "../health_check.ts";
import { type CommandPlace, nextCommand } from "../next_command.ts";

/** What the runs say, and the current time in milliseconds since the epoch. */
export interface RunsFacts {
  readonly verdict: RunsVerdict;
  readonly nowMs: number;
}

/** A nightly job that is late by a night. */
const LATE_MS = 48 * 3_600_000;
/** Exit code of a run that fetched what it could: a few of its files failed. */
const PARTLY = 1;

export const RUNS_CHECK = defineCheck<RunsFacts>({
  name: "runs",
  question: "Did the last run end well?",
  problem: "run-failed",
  async measure({ library, clock }: HealthPlace) {
    const runs = await readRuns(join(library, STATE_FOLDER, "state"), { limit: 1000 }).catch((error) => {
      // The check "state" says what is in the way.
      if (error instanceof Deno.errors.NotADirectory) return [];
      throw error;
    });
    return { verdict: judgeRuns(runs), nowMs: clock.now() };
  },
  judge: judgeLastRun,
});

/** Judge the last runs: one that ended badly, and a job that has not succeeded for two days. */
export function judgeLastRun({ verdict, nowMs }: RunsFacts, place: CommandPlace): HealthFinding {
  const { failed, last, running, awaitedSinceMs } = verdict;
  if (failed !== null) return judgeFailed(failed, place);
  if (awaitedSinceMs !== null && nowMs - awaitedSinceMs > LATE_MS) {
    return finding("fail", `no nightly run has ended well for ${formatDuration(nowMs - awaitedSinceMs)}`, {
      problem: "no-success",
      remedy: "systemctl list-timers",
      advice: "it lists the timers: check that the nightly job is there and when it runs next",
      figures: { since: new Date(awaitedSinceMs).toISOString() },
    });
  }
  if (last === null) {
    return finding(
      running === null ? "skipped" : "ok",
      running === null ? "no run is over yet" : "the first run is under way",
    );
  }
  const { command, exitCode, endedAt, done, left } = last;
  const rest = left === null || left === 0 ? "" : `, ${formatCount(left, "file")} left`;
  return finding(
    "ok",
    `"${command}" ended with ${exitCode} at ${endedAt}; ${formatCount(done ?? 0, "file")} done${rest}`,
    {
      figures: { exitCode, endedAt, done, left },
    },
  );
}

function judgeFailed(run: RunRecord, place: CommandPlace): HealthFinding {
  const { command, state, exitCode, startedAt, endedAt, done, failed, left, message, hint, cause } = run;
  const end = state === "killed" ? `was killed after ${startedAt}` : `ended with exit code ${exitCode} at ${endedAt}`;
  const counts = [
    ...failed === null || failed === 0 ? [] : [`${failed} failed`],
    ...left === null || left === 0 ? [] : [`${left} left`],
  ];
  const rest = counts.length === 0 ? "" : `, ${formatCount(done ?? 0, "file")} done, ${counts.join(", ")}`;
  const why = message === null ? "" : `: ${message}`;
  return finding(exitCode === PARTLY ? "warn" : "fail", `"${command}" ${end}${rest}${why}`, {
    problem: problemOf(cause),
    remedy: nextCommand(place, command),
    advice: hint ?? "it resumes where the last run stopped",
    figures: { command, exitCode, startedAt, endedAt, done, failed, left, cause },
  });
}

/** The code of an error says no more than that the run failed. */
function problemOf(cause: string | null): ProblemId {
  const CODES: readonly string[] = ["failed", "usage", "inconclusive", "unsafe", "auth", "network", "unexpected"];
  return isProblemId(cause) && !CODES.includes(cause) ? cause : "run-failed";
}
