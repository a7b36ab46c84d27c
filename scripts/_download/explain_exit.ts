import { formatCount } from "../../lib/base/mod.ts";
import type { ExitReason } from "../../lib/cli/mod.ts";
import { type DownloadResult, type FailedList, failureHints } from "../../lib/downloader/mod.ts";
import { renderUnfinished, type UnfinishedItems } from "./unfinished_items.ts";

/** What a run left, besides its result. */
export interface LeftOver {
  readonly left: UnfinishedItems | null;
  readonly failedList: FailedList | null;
  /** Problems of the target files. */
  readonly problems: readonly string[];
}

/** Why a run did not get everything: as it is printed, and the parts of its hint for the record of the run. */
export interface DownloadReason extends ExitReason {
  /** What to do, without the command that goes on; `null` if nothing is known. */
  readonly advice: string | null;
  /** The command line that goes on, if it is not that of the run. */
  readonly again: string | null;
}

/**
 * Say in two lines why a run did not get everything, and what to do. The result has the details.
 *
 * @returns The reason; `undefined` if nothing is wrong
 */
export function explainExit(
  result: DownloadResult,
  { left, failedList, problems }: LeftOver,
): DownloadReason | undefined {
  const { plan, run, refused } = result;
  const stopped = run?.stopped ?? null;
  const failed = run?.failed ?? [];
  const states = [
    ...stopped === null ? [] : [stopped.message],
    ...countWithFirst(failed.map(({ message }) => message), formatCount(failed.length, "file failed", "files failed")),
    ...countWithFirst(
      refused.map(({ target, message }) => `${target}: ${message}`),
      formatCount(refused.length, "target is not available", "targets are not available"),
    ),
    ...countWithFirst(
      plan.problems.map(({ target, message }) => `${target}: ${message}`),
      formatCount(plan.problems.length, "target was not planned", "targets were not planned"),
    ),
    ...plan.unreadable.count === 0
      ? []
      : [`${formatCount(plan.unreadable.count, "entry", "entries")} in the API's responses could not be read`],
    ...countWithFirst(problems, formatCount(problems.length, "target could not be read", "targets could not be read")),
  ];
  if (states.length === 0) return undefined;
  const advice = [
    ...stopped === null || stopped.hint === null ? [] : [stopped.hint],
    ...failureHints({ failed, outcomes: {}, ...run === null ? {} : { keyHint: run.keyHint } }).map(({ text }) => text),
    ...plan.problems.some(({ failure }) => failure === "gone") ? ["check the spelling of the name on the site"] : [],
  ];
  const retry = failedList?.retry ?? null;
  const hints = [
    ...advice,
    ...left === null ? [] : [renderUnfinished(left)],
    ...retry === null ? [] : [`to retry what failed: ${retry}`],
  ];
  return {
    message: states.join("; "),
    hint: hints.length === 0 ? undefined : hints.join(". "),
    advice: advice.length === 0 ? null : advice.join(". "),
    // The run's own command tries what failed again too.
    again: left === null ? retry : null,
  };
}

/** The count of what is wrong with its first example; nothing if there is none. */
function countWithFirst(examples: readonly string[], count: string): readonly string[] {
  const [first] = examples;
  if (first === undefined) return [];
  return [examples.length === 1 ? `${count}: ${first}` : `${count}, the first: ${first}`];
}
