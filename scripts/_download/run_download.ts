import { EXIT_CODES, formatCount, KitError } from "../../lib/base/mod.ts";
import { type CommandContext, confirm, Outcome } from "../../lib/cli/mod.ts";
import {
  checkLibraryFolder,
  type Choice,
  countUnfinished,
  download,
  type DownloadResult,
  findEarlyStop,
  isFailedList,
  judgeDownload,
  type Library,
  type LibraryWatch,
  noteDownload,
  type NoteRun,
  openLibrary,
  type PlanTarget,
  rememberLayout,
  type Run,
  type RunSummary,
  settleLayout,
  writeFailedList,
} from "../../lib/downloader/mod.ts";
import { DECLINED } from "../../lib/library/mod.ts";
import { isLayoutGiven, readChoice } from "./choice.ts";
import { choiceWords } from "./choice_words.ts";
import { explainExit } from "./explain_exit.ts";
import { renderUnfinished, type UnfinishedItems } from "./unfinished_items.ts";
import { namePlan, nameResult, type NamesView } from "./render_names.ts";
import { renderPlan, renderWantedSize, type ShownDownload } from "./render_plan.ts";
import { recordCommand } from "../_frame/library/record_command.ts";
import { openCommandRun } from "./open_command_run.ts";
import { chooseLibrary } from "../_frame/library/choose_library.ts";
import { findKey, readDayLimits } from "../_frame/session.ts";
import type {
  ChoiceFlags,
  ClientFlags,
  EngineFlags,
  LayoutFlags,
  LibraryFlags,
  RunLogsFlags,
  SearchFlags,
} from "../_frame/flags.ts";
import { commandAgain } from "../_frame/library/command_again.ts";
import { isLibrary } from "../_frame/library/is_library.ts";
import { warnOfRebuild } from "../_frame/library/catalog_notices.ts";
import { createEventRecorder, type EventRecorder } from "./create_event_recorder.ts";

/** Options of {@linkcode runDownload}. */
export interface RunDownloadOptions {
  /** Name of the command, for lock and catalog. */
  readonly command: string;
  /** Function that returns the targets; called with the open library. */
  readonly targets: (library: Library) => readonly PlanTarget[];
  /** Messages about bad lines of target files. */
  readonly problems: readonly string[];
  /** Whether the library must exist. */
  readonly mustExist: boolean;
  /** Whether to use `test_downloads`, the trial folder of the earlier tool. */
  readonly isTestMode?: boolean | undefined;
}

/** Flags of both commands that download. */
export type DownloadFlags =
  & ChoiceFlags
  & LibraryFlags
  & LayoutFlags
  & ClientFlags
  & EngineFlags
  & RunLogsFlags
  & Partial<Pick<SearchFlags, "limit">>
  & { readonly from?: readonly string[]; readonly dryRun: boolean; readonly yes: boolean }
  & { readonly events: boolean; readonly all: boolean };

/** Open library and client, plan, ask for confirmation, download, and return the result with its exit code. */
export async function runDownload(
  context: CommandContext<DownloadFlags>,
  options: RunDownloadOptions,
): Promise<Outcome> {
  const { flags, display, signal } = context;
  const { command } = options;
  const requested = await readChoice(flags, { signal });
  // Limits that are wrong throw here, before there is an empty library.
  readDayLimits(flags);
  for (const problem of options.problems) display.notice(`warning: ${problem}`);
  const output = chooseLibrary(context, { isTestMode: options.isTestMode ?? false });
  // So does a key that is wrong. If the library exists, the run finds that out, and records that it failed.
  if (!await isLibrary(output)) await findKey(context);
  const folderNote = await checkLibraryFolder(output, requested);
  if (folderNote !== null) display.notice(`note: ${folderNote}`);
  // The result reads its items from the catalog while it is printed, so it takes over what this closes.
  using cleanup = new DisposableStack();
  const library = cleanup.use(
    await openLibrary(output, {
      command,
      waitMs: flags.wait,
      mustExist: options.mustExist,
      scratch: flags.dryRun,
      signal,
      ...(options.mustExist ? {} : { onUnfinished: warnOfRebuild(display) }),
      onWait: (holder) =>
        display.notice(`Waiting for ${holder?.command ?? "another run"} (process ${holder?.pid ?? "?"})`),
    }),
  );
  return await recordCommand(
    context,
    library,
    { command, reserveBytes: flags.reserve, logs: flags.logs },
    (note, presence) => fetchInto({ context, options, library, cleanup, note, presence }, requested),
  );
}

/** A command with its open library, in which its run is being recorded. */
interface OpenPlace {
  readonly context: CommandContext<DownloadFlags>;
  readonly options: RunDownloadOptions;
  readonly library: Library;
  /** Closes the library. A result that still reads from it moves this to itself. */
  readonly cleanup: DisposableStack;
  readonly note: NoteRun;
  /** Stops the run if the library vanishes. */
  readonly presence: LibraryWatch;
}

/** What a run was asked for. */
interface Request {
  readonly targets: readonly PlanTarget[];
  readonly choice: Choice;
}

async function fetchInto(place: OpenPlace, requested: Choice): Promise<Outcome> {
  const { context, options, library, note, presence } = place;
  const { flags, display } = context;
  const { layout, template, notice } = settleLayout(library.catalog, isLayoutGiven(flags) ? requested : null);
  if (notice !== null) display.notice(`note: ${notice}`);
  const recorder = createEventRecorder(context);
  await using run = await openCommandRun(context, library, {
    command: options.command,
    isDryRun: flags.dryRun,
    hasRollout: true,
    durable: flags.fsync,
    note,
    onEvent: recorder.record,
    onWarning: presence.reportWhilePresent((message) => display.notice(`warning: ${message}`)),
  });
  const request: Request = { targets: options.targets(library), choice: { ...requested, layout, template } };
  const result = await downloadAll(place, { ...request, run, recorder });
  await throwIfGone(presence, result);
  return await concludeRun(place, { ...request, run, result });
}

/** Download with progress on the terminal, which is closed at the end. */
async function downloadAll(
  { context, options, library, presence }: OpenPlace,
  { run, recorder, targets, choice }: Request & { readonly run: Run; readonly recorder: EventRecorder },
): Promise<DownloadResult> {
  const { flags } = context;
  using _progress = recorder;
  return await download({
    ...run.engine,
    targets,
    choice,
    command: options.command,
    pace: { modelRate: flags.apiRate, imageRate: flags.imageRate },
    reserveBytes: flags.reserve,
    maxTimeMs: flags.maxTime,
    isPreview: flags.dryRun,
    waitsForAnswer: !flags.dryRun && needsConfirmation(context),
    async approve(plan, items) {
      recorder.recordPlan(items);
      if (flags.dryRun) return false;
      const isApproved = await showAndConfirm({ plan, items }, context, recorder.pause);
      if (isApproved) rememberLayout(library.catalog, choice);
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

/** Record how the run ended, write the list of what failed, and build the outcome of the command. */
async function concludeRun(
  { context, options, library, cleanup, note, presence }: OpenPlace,
  { run, result, targets, choice }: Request & { readonly run: Run; readonly result: DownloadResult },
): Promise<Outcome> {
  const { flags, signal } = context;
  const { problems } = options;
  const failedList = needsFailedList(result, { library, presence, from: flags.from ?? [] })
    ? await writeFailedList(library, options.command, {
      ...result,
      asked: targets,
      choice,
      choiceWords: choiceWords(context, options.command),
    })
    : null;
  const isDeclined = result.run === null && !flags.dryRun;
  if (isDeclined) note({ cause: DECLINED });
  let left: UnfinishedItems | null = null;
  if (result.run !== null) {
    const count = countUnfinished(library, targets.length === 0 ? undefined : result.plan.runId);
    left = count === null ? null : { ...count, command: commandAgain(context, library) };
    const outageMs = run.progress?.lastOutageMs ?? 0;
    note(noteDownload(result.run, { left, plan: result.plan, targets, outageMs }));
    if (!signal.aborted) throwIfNothingWasDone(result.run, left);
  }
  const code = judgeDownload({ ...result, problems });
  // The user set --max-time: reaching it needs nobody. The limit of --quota has a hint that says when it goes on.
  const isTimeUp = !signal.aborted && code === "inconclusive" && result.run?.stopped?.hint === null;
  const reason = isTimeUp ? undefined : explainExit(result, { left, failedList, problems });
  if (reason !== undefined) note({ hint: reason.advice, again: reason.again });
  const verdict = code === null ? 0 : EXIT_CODES[code];
  // `undefined` stands for the exit code of the interruption.
  const exitCode = signal.aborted ? undefined : verdict;
  if (flags.events) return new Outcome(undefined, exitCode, reason);
  const closing = cleanup.move();
  const shown: ShownDownload & Disposable = {
    ...result,
    left,
    failedList: failedList?.path ?? null,
    retry: failedList?.retry ?? null,
    declined: isDeclined,
    problems,
    nameItems: (view) => nameItems(result, { ...view, isComplete: flags.all }),
    [Symbol.dispose]: () => closing.dispose(),
  };
  return new Outcome(shown, exitCode, reason);
}

/** Whether the list of what failed is written anew after a run. */
function needsFailedList(
  { run }: DownloadResult,
  { library, presence, from }: Pick<OpenPlace, "library" | "presence"> & { readonly from: readonly string[] },
): boolean {
  if (run === null || presence.gone !== null) return false;
  // A run that was stopped is continued by the same command, which reads the same list.
  return run.stopped === null || !from.some((path) => isFailedList(path, library));
}

/** Whether the user is asked to confirm the plan. */
function needsConfirmation({ io, display, flags }: CommandContext<Pick<DownloadFlags, "yes">>): boolean {
  return io.inIsTerminal && io.errIsTerminal && !flags.yes && !display.json;
}

/** Print the plan, and ask whether to fetch it, if it has files and somebody is to be asked. */
async function showAndConfirm(
  { plan, items }: Pick<DownloadResult, "plan" | "items">,
  context: CommandContext<Pick<DownloadFlags, "yes" | "all">>,
  pause: () => void,
): Promise<boolean> {
  const { io, display, flags, signal } = context;
  const wantedCount = plan.wanted.files + plan.wanted.images;
  // A plan without files is printed only if it says why. What cannot be planned or read is in the result, and was
  // printed on a terminal when it was found.
  if (wantedCount > 0 || plan.nothing !== null) {
    const width = io.errIsTerminal ? io.width() : Infinity;
    const lines = renderPlan(plan);
    const view = { width, otherLines: lines.length, isComplete: flags.all };
    const text = [...lines, ...namePlan(items, plan.refusedVersions, view)].join("\n");
    display.log(text);
  }
  if (wantedCount === 0 || !needsConfirmation(context)) return true;
  pause();
  const files = formatCount(wantedCount, "file");
  return await confirm(io, `Fetch ${files}, ${renderWantedSize(plan.wanted)}?`, { signal });
}

function nameItems({ items, plan, run }: DownloadResult, view: NamesView): readonly string[] {
  return run === null ? namePlan(items, plan.refusedVersions, view) : nameResult(items, plan.refusedVersions, view);
}

/** Throw if the run stopped before any item ended. */
function throwIfNothingWasDone(run: RunSummary, left: UnfinishedItems | null): void {
  const stop = findEarlyStop(run);
  if (stop === null) return;
  const hints = [stop.hint, left === null ? null : renderUnfinished(left)].filter((hint) => hint !== null);
  throw new KitError(stop.code, stop.message, hints.length === 0 ? {} : { hint: hints.join(". ") });
}
