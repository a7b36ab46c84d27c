import { join } from "node:path";
import { formatCount, isDenoError, readTextNoFollow, shell } from "../../base/mod.ts";
import { targetWord, wholeTarget } from "../../downloader/mod.ts";
import { isProblemId, PROBLEMS } from "../../problems/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace } from "../health_check.ts";
import { readRecentEvents, type RecentOptions } from "../read_recent_logs.ts";

/** A target whose last listing failed. */
export interface FailedTarget {
  readonly target: string;
  readonly message: string;
  /** Class of the failure. */
  readonly failure: string;
  readonly time: string;
}

/** What the log says of the targets that were listed within a day. */
export interface TargetFacts {
  /** Targets whose last listing went well. */
  readonly listed: readonly string[];
  /** Targets whose last listing failed, with the reason. */
  readonly failed: readonly FailedTarget[];
}

/** The same, with the list that a run of these targets can read. */
export interface CreatorFacts extends TargetFacts {
  /** Path of the library's `failed.txt`, if it names a failed target; otherwise `null`. */
  readonly listPath: string | null;
  /** What the run that failed chose, as flags for the command that reads the list, with a space before each. */
  readonly choiceWords: string;
}

/** The head of the list, whose flags are taken only if a shell finds nothing but words in them. */
const HEAD = /^# civitai-dl download --from failed\.txt((?: (?:[\p{L}\p{M}\p{N}_@%+:,./~^=-]|'[^'\n]*'|\\')+)*)\r?\n/u;
const DAY_MS = 86_400_000;

export const CREATORS_CHECK = defineCheck({
  name: "creators",
  ja: "クリエイター",
  touches: "logs",
  problem: "creator-fails",
  measure: measureCreators,
  judge: judgeCreators,
});

async function measureCreators({ library, logs, clock, signal }: HealthPlace): Promise<CreatorFacts> {
  const facts = await readTargets(logs, { sinceMs: clock.now() - DAY_MS, signal });
  const path = join(library, "failed.txt");
  const text = await readTextNoFollow(path).catch((error) => {
    if (isDenoError(error, "NotFound", "NotADirectory", "PermissionDenied")) return "";
    throw error;
  });
  const listed = new Set(text.split("\n").map((line) => line.split(" ")[0]));
  const isListed = facts.failed.some(({ target }) => listed.has(targetWord(target) ?? target));
  return { ...facts, listPath: isListed ? path : null, choiceWords: HEAD.exec(text)?.[1] ?? "" };
}

/**
 * Read how the last listing of each target ended, from the end of `download.log`.
 *
 * @param logs Folder of the log
 * @param options How far back
 * @returns The targets; none if there is no log
 */
export async function readTargets(
  logs: string,
  { sinceMs, signal }: RecentOptions,
): Promise<TargetFacts> {
  const ends = new Map<string, Omit<FailedTarget, "target"> | null>();
  for await (const record of readRecentEvents(logs, { mark: '"target":', sinceMs, signal })) {
    const { type, target, time, message, failure } = record;
    if (typeof target !== "string" || ends.has(target)) continue;
    if (type === "listed") ends.set(target, null);
    // Only a failure with a class is one of the service.
    if (type === "warning" && typeof failure === "string") {
      ends.set(target, { message: String(message), failure, time });
    }
  }
  const all = [...ends];
  return {
    listed: all.filter(([, end]) => end === null).map(([target]) => target),
    failed: all.flatMap(([target, end]) => end === null ? [] : [{ target, ...end }]),
  };
}

/** Judge the targets. If every one fails, that is no matter of one creator: the API is checked by another check. */
export function judgeCreators(facts: CreatorFacts): HealthFinding {
  const { listed } = facts;
  const names = new Set(facts.failed.map(({ target }) => target));
  // The images of a creator that fails as a whole are no other trouble.
  const failed = facts.failed.filter(({ target }) => wholeTarget(target) === target || !names.has(wholeTarget(target)));
  const wholes = new Set(failed.map(({ target }) => wholeTarget(target)));
  const fine = new Set(listed.map(wholeTarget)).difference(wholes).size;
  const figures = { listed: fine, failed: failed.map(({ target }) => target) };
  const [first] = failed;
  if (first === undefined) {
    return listed.length === 0
      ? finding("skipped", { en: "nothing was listed within a day", ja: "この 1 日に取得した一覧はありません" })
      : finding("ok", {
        en: `${formatCount(fine, "target was", "targets were")} listed`,
        ja: `${fine} 件の対象の一覧を取得できました`,
      }, { figures });
  }
  const others = wholes.size - 1;
  return finding(listed.length === 0 ? "warn" : "creator-fails", {
    en: `${first.target} at ${first.time}: ${first.message}${others === 0 ? "" : `; and ${others} more`}`,
    ja: `${first.target} の一覧を ${first.time} に取得できませんでした${reasonOf(first.failure)}${
      others === 0 ? "" : `。ほか ${others} 件`
    }`,
  }, {
    next: retryOf(first, facts),
    figures,
  });
}

/** The command that tries again; `null` for a search alone, which only its own command line names. */
function retryOf({ target }: FailedTarget, { listPath, choiceWords }: CreatorFacts): string | null {
  if (listPath !== null) return shell`civitai-dl download --from ${listPath}` + choiceWords;
  const word = targetWord(target);
  return word === null ? null : shell`civitai-dl download ${word}`;
}

/** Why it failed, for a Japanese reader; the message of the log is English. */
function reasonOf(failure: string): string {
  return isProblemId(failure) ? `（${PROBLEMS[failure].ja.title}）` : "";
}
