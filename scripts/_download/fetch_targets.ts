import type { ErrorCode } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import {
  type Choice,
  countUnfinished,
  download,
  type DownloadEvent,
  type DownloadOptions,
  type DownloadResult,
  type FailedList,
  isFailedList,
  judgeDownload,
  type Library,
  type LibraryWatch,
  noteDownload,
  type NoteRun,
  type PlanTarget,
  rememberLayout,
  type Run,
  settleLayout,
  type Throttle,
  writeFailedList,
} from "../../lib/downloader/mod.ts";
import { DECLINED } from "../../lib/library/mod.ts";
import type { ClientFlags, EngineFlags, RunLogsFlags } from "../_frame/flags.ts";
import { commandAgain } from "../_frame/library/command_again.ts";
import { choiceWords } from "./choice_words.ts";
import { type DownloadReason, explainExit } from "./explain_exit.ts";
import { openCommandRun } from "./open_command_run.ts";
import type { UnfinishedItems } from "./unfinished_items.ts";

/** Flags of whatever fetches targets. */
export type FetchFlags = ClientFlags & EngineFlags & RunLogsFlags;

/** A command with its open library, in which its run is being recorded. */
export interface FetchPlace {
  readonly context: CommandContext<FetchFlags>;
  /** Name of the command, for the catalog and the logs. */
  readonly command: string;
  readonly library: Library;
  readonly note: NoteRun;
  /** Stops the run if the library vanishes. */
  readonly presence: LibraryWatch;
}

/** What a run is asked for. */
export interface FetchRequest extends Pick<DownloadOptions, "approve" | "waitsForAnswer" | "onRun"> {
  readonly targets: readonly PlanTarget[];
  readonly choice: Choice;
  /** Whether the choice says where files go; otherwise the library does. */
  readonly hasLayout: boolean;
  /** Whether to only plan. */
  readonly isDryRun: boolean;
  /** Messages about bad lines of target files. */
  readonly problems: readonly string[];
  /** Files that the targets were read from. */
  readonly from: readonly string[];
  /** Limits that change while the run goes; `undefined` for those of the flags. */
  readonly throttle?: Throttle | undefined;
  readonly onEvent: (event: DownloadEvent) => void;
}

/** What a run brought, and what it left. */
export interface Fetched {
  readonly result: DownloadResult;
  readonly left: UnfinishedItems | null;
  readonly failedList: FailedList | null;
}

/** Plan and fetch targets as the flags say, and record how it ended, with the list of what failed. */
export async function fetchTargets(place: FetchPlace, request: FetchRequest): Promise<Fetched> {
  const { context, library, note, presence } = place;
  const { flags, display } = context;
  const { layout, template, notice } = settleLayout(library.catalog, request.hasLayout ? request.choice : null);
  if (notice !== null) display.notice(`note: ${notice}`);
  const choice: Choice = { ...request.choice, layout, template };
  await using run = await openCommandRun(context, library, {
    command: place.command,
    isDryRun: request.isDryRun,
    hasRollout: true,
    durable: flags.fsync,
    throttle: request.throttle,
    note,
    onEvent: request.onEvent,
    onWarning: presence.reportWhilePresent((message) => display.notice(`warning: ${message}`)),
  });
  const result = await downloadAll(place, { ...request, choice }, run);
  await throwIfGone(presence, result);
  return await recordResult(place, { ...request, choice }, { run, result });
}

async function downloadAll(
  { context: { flags }, command, library: { catalog }, presence }: FetchPlace,
  { targets, choice, isDryRun, waitsForAnswer, approve, onRun }: FetchRequest,
  run: Run,
): Promise<DownloadResult> {
  return await download({
    ...run.engine,
    targets,
    choice,
    command,
    pace: { modelRate: flags.apiRate, imageRate: flags.imageRate },
    reserveBytes: flags.reserve,
    maxTimeMs: flags.maxTime,
    isPreview: isDryRun,
    waitsForAnswer,
    onRun,
    async approve(plan, items) {
      const isApproved = await approve(plan, items);
      if (isApproved && !isDryRun) rememberLayout(catalog, choice);
      return isApproved;
    },
    signal: presence.signal,
  });
}

/**
 * Throw if the library vanished after the last file: what follows would be written below its mount point. A run that
 * stopped because it vanished has a result that says so.
 */
async function throwIfGone(presence: LibraryWatch, { run }: DownloadResult): Promise<void> {
  await presence.look();
  const { gone } = presence;
  if (gone !== null && run?.stopped?.message !== gone.message) throw gone;
}

async function recordResult(
  { context, command, library, note, presence }: FetchPlace,
  { targets, choice, from, isDryRun }: FetchRequest,
  { run, result }: { readonly run: Run; readonly result: DownloadResult },
): Promise<Fetched> {
  const failedList = needsFailedList(result, { library, presence, from })
    ? await writeFailedList(library, command, {
      ...result,
      asked: targets,
      choice,
      choiceWords: choiceWords(context, command),
    })
    : null;
  if (result.run === null) {
    if (!isDryRun) note({ cause: DECLINED });
    return { result, left: null, failedList };
  }
  const count = countUnfinished(library, targets.length === 0 ? undefined : result.plan.runId);
  const left = count === null ? null : { ...count, command: commandAgain(context, library) };
  const outageMs = run.progress?.lastOutageMs ?? 0;
  note(noteDownload(result.run, { left, plan: result.plan, targets, outageMs }));
  return { result, left, failedList };
}

/** Whether the list of what failed is written anew after a run. */
function needsFailedList(
  { run }: DownloadResult,
  { library, presence, from }: Pick<FetchPlace, "library" | "presence"> & Pick<FetchRequest, "from">,
): boolean {
  if (run === null || presence.gone !== null) return false;
  // A run that was stopped is continued by the same command, which reads the same list.
  return run.stopped === null || !from.some((path) => isFailedList(path, library));
}

/** How a run is judged. */
export interface JudgedFetch {
  /** The error code; `null` if all that was asked for is there. */
  readonly code: ErrorCode | null;
  /** Why it is not; `undefined` if the user's own limit of time ended it, or nothing is wrong. */
  readonly reason: DownloadReason | undefined;
}

/** Judge what a run brought, and note what to do about it. */
export function judgeFetch(
  { context: { signal }, note }: Pick<FetchPlace, "note"> & { readonly context: Pick<CommandContext, "signal"> },
  { result, left, failedList }: Fetched,
  problems: readonly string[],
): JudgedFetch {
  const code = judgeDownload({ ...result, problems });
  // The user set --max-time: reaching it needs nobody. The limit of --quota has a hint that says when it goes on.
  const isTimeUp = !signal.aborted && code === "inconclusive" && result.run?.stopped?.hint === null;
  const reason = isTimeUp ? undefined : explainExit(result, { left, failedList, problems });
  if (reason !== undefined) note({ hint: reason.advice, again: reason.again });
  return { code, reason };
}
