import { formatCount, sayDuration, shell } from "../../base/mod.ts";
import { judgeRuns, readRuns, type RunRecord, type RunsVerdict, stateFolder } from "../../library/mod.ts";
import { isProblemId, type ProblemId, PROBLEMS } from "../../problems/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace } from "../health_check.ts";

/** What the runs say, and the current time in milliseconds since the epoch. */
export interface RunsFacts {
  readonly verdict: RunsVerdict;
  readonly nowMs: number;
}

/** A nightly job that is late by a night. */
const LATE_MS = 48 * 3_600_000;

export const RUNS_CHECK = defineCheck<RunsFacts>({
  name: "runs",
  ja: "前回の実行",
  touches: "state",
  problem: "run-failed",
  async measure({ library, clock }: HealthPlace) {
    const runs = await readRuns(stateFolder(library), { limit: 1000 }).catch((error) => {
      // The check "state" says what is in the way.
      if (error instanceof Deno.errors.NotADirectory) return [];
      throw error;
    });
    return { verdict: judgeRuns(runs), nowMs: clock.now() };
  },
  judge: judgeLastRun,
});

/** Judge the last runs: one that ended badly, and a job that has not succeeded for two days. */
export function judgeLastRun({ verdict, nowMs }: RunsFacts): HealthFinding {
  const { failed, last, running, isRepeating, successAwaitedSinceMs } = verdict;
  if (failed !== null && isRepeating && running !== null) {
    const { command, startedAt } = running;
    return finding("ok", {
      en: `"${command}" is under way again, since ${startedAt}`,
      ja: `"${command}" を ${startedAt} から再実行しています`,
    }, { figures: { command, startedAt } });
  }
  if (failed !== null) return judgeFailed(failed, { isLast: failed.startedAt === last?.startedAt });
  if (successAwaitedSinceMs !== null && nowMs - successAwaitedSinceMs > LATE_MS) {
    const span = sayDuration(nowMs - successAwaitedSinceMs);
    return finding("no-success", {
      en: `none of the nightly job for ${span.en}`,
      ja: `夜間の実行が ${span.ja}にわたって一度も成功していません`,
    }, {
      next: "systemctl list-timers",
      figures: { since: new Date(successAwaitedSinceMs).toISOString() },
    });
  }
  if (last === null) {
    return running === null
      ? finding("skipped", { en: "no run is over yet", ja: "終了した実行はまだありません" })
      : finding("ok", { en: "the first run is under way", ja: "最初の実行中です" });
  }
  const { command, exitCode, endedAt, done, left, again } = last;
  const isLeft = left !== null && left > 0;
  return finding("ok", {
    en: `"${command}" ended with ${exitCode} at ${endedAt}; ${formatCount(done ?? 0, "file")} done${
      isLeft ? `, ${formatCount(left, "file")} left` : ""
    }`,
    ja: `"${command}" は ${endedAt} に終了コード ${exitCode} で終了。完了 ${done ?? 0} 件${
      isLeft ? `、未取得 ${left} 件` : ""
    }`,
  }, { next: isLeft ? again : null, figures: { exitCode, endedAt, done, left } });
}

/** Judge a run that failed; if it is not the last one, those after it were stopped or declined. */
function judgeFailed(run: RunRecord, { isLast }: { readonly isLast: boolean }): HealthFinding {
  const { command, state, exitCode, startedAt, endedAt, done, failed, left, message, hint, again, cause } = run;
  const end = state === "killed"
    ? { en: `was killed after ${startedAt}`, ja: `は強制終了されました（開始 ${startedAt}）` }
    : {
      en: `ended with exit code ${exitCode} at ${endedAt}`,
      ja: `は ${endedAt} に終了コード ${exitCode} で終わりました`,
    };
  const counts = [
    ...failed === null || failed === 0 ? [] : [{ en: `${failed} failed`, ja: `失敗 ${failed} 件` }],
    ...left === null || left === 0 ? [] : [{ en: `${left} left`, ja: `未取得 ${left} 件` }],
  ];
  const finished = { en: `${formatCount(done ?? 0, "file")} done`, ja: `完了 ${done ?? 0} 件` };
  const rest = counts.length === 0 ? null : [finished, ...counts];
  const problem = problemOf(cause);
  const found = finding("run-failed", {
    en: `${isLast ? "" : "an earlier "}"${command}" ${end.en}${
      rest === null ? "" : `, ${rest.map(({ en }) => en).join(", ")}`
    }${message === null ? "" : `: ${message}`}`,
    // The message of the run is English; its cause says the same.
    ja: `${isLast ? "" : "以前の "}"${command}" ${end.ja}${
      rest === null ? "" : `（${rest.map(({ ja }) => ja).join("、")}）`
    }${problem === "run-failed" ? "" : `: ${PROBLEMS[problem].ja.meaning}`}`,
  }, {
    next: again ?? shell`civitai-dl ${command}`,
    // The hint of the run is English.
    ...hint === null ? {} : { advice: { en: hint, ja: PROBLEMS[problem].ja.remedy } },
    figures: { command, exitCode, startedAt, endedAt, done, failed, left, cause },
  });
  // Whatever the cause is, work was left undone, and nobody goes on with it.
  return { ...found, problem };
}

/** The code of an error says no more than that the run failed. */
function problemOf(cause: string | null): ProblemId {
  const CODES: readonly string[] = ["failed", "usage", "inconclusive", "unsafe", "auth", "network", "unexpected"];
  return isProblemId(cause) && !CODES.includes(cause) ? cause : "run-failed";
}
