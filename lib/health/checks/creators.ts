import { formatCount, quoteWord } from "../../base/mod.ts";
import { defineCheck, finding, type HealthFinding } from "../health_check.ts";
import { type CommandPlace, nextCommand } from "../next_command.ts";
import { readNewestEvents } from "../read_recent_logs.ts";

/** What the log says of the targets that were listed within a day. */
export interface TargetFacts {
  /** Targets whose last listing went well. */
  readonly listed: readonly string[];
  /** Targets whose last listing failed, with the reason. */
  readonly failed: readonly { readonly target: string; readonly message: string; readonly time: string }[];
}

const DAY_MS = 86_400_000;

export const CREATORS_CHECK = defineCheck({
  name: "creators",
  question: "Can every creator be listed?",
  problem: "creator-fails",
  measure: ({ logs, clock, signal }) => readTargets(logs, { sinceMs: clock.now() - DAY_MS, signal }),
  judge: judgeCreators,
});

/**
 * Read how the last listing of each target ended, from the end of `download.log`.
 *
 * @param logs Folder of the log
 * @param options How far back
 * @returns The targets; none if there is no log
 */
export async function readTargets(
  logs: string,
  { sinceMs, signal }: { readonly sinceMs: number; readonly signal?: AbortSignal | undefined },
): Promise<TargetFacts> {
  const ends = new Map<string, { readonly message: string | null; readonly time: string }>();
  for await (const record of readNewestEvents(logs, { mark: '"target":', signal })) {
    const { type, target, time, message, failure, listing } = record;
    if (typeof time === "string" && Date.parse(time) < sinceMs) break;
    if (typeof target !== "string" || typeof time !== "string" || ends.has(target)) continue;
    const isComplete = type === "listed" && typeof listing === "object" && listing !== null;
    if (isComplete) ends.set(target, { message: null, time });
    // Only a failure with a class is one of the service.
    if (type === "warning" && typeof failure === "string") ends.set(target, { message: String(message), time });
  }
  const all = [...ends];
  return {
    listed: all.filter(([, { message }]) => message === null).map(([target]) => target),
    failed: all.flatMap(([target, { message, time }]) => message === null ? [] : [{ target, message, time }]),
  };
}

/** Judge the targets. If every one fails, that is no matter of one creator: the API is checked by another check. */
export function judgeCreators({ listed, failed }: TargetFacts, place: CommandPlace): HealthFinding {
  const figures = { listed: listed.length, failed: failed.map(({ target }) => target) };
  const [first] = failed;
  if (first === undefined) {
    return listed.length === 0
      ? finding("skipped", "nothing was listed within a day")
      : finding("ok", `${formatCount(listed.length, "target was", "targets were")} listed`, { figures });
  }
  const more = failed.length === 1 ? "" : `; and ${failed.length - 1} more`;
  return finding("warn", `${first.target} failed at ${first.time}: ${first.message}${more}`, {
    problem: listed.length === 0 ? null : "creator-fails",
    remedy: nextCommand(place, `download ${quoteWord(first.target)} --dry-run`),
    advice: `it tries this one alone; ${
      formatCount(listed.length, "other target was", "other targets were")
    } listed, and each run tries it again`,
    figures,
  });
}
