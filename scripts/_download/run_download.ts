import { join } from "node:path";
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
  type RunSummary,
  settleLayout,
  writeFailedList,
} from "../../lib/downloader/mod.ts";
import { DECLINED, STATE_FOLDER } from "../../lib/library/mod.ts";
import { readChoice } from "./choice.ts";
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
import { warnOfRebuild } from "../_frame/library/catalog_notices.ts";
import { createEventRecorder } from "./create_event_recorder.ts";

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
  const isDryRun = flags.dryRun;
  const requested = await readChoice(flags, { signal });
  // Bad limits leave no empty library behind either.
  readDayLimits(flags);
  for (const problem of options.problems) display.notice(`warning: ${problem}`);
  const output = chooseLibrary(context, { isTestMode: options.isTestMode ?? false });
  // A key that cannot be used leaves no empty library behind; in a library, it is a run that failed.
  if (!await isLibrary(output)) await findKey(context);
  const folderNote = await checkLibraryFolder(output, requested);
  if (folderNote !== null) display.notice(`note: ${folderNote}`);
  // The result reads its items from the catalog while it is printed.
  using open = new DisposableStack();
  const library = open.use(
    await openLibrary(output, {
      command: options.command,
      waitMs: flags.wait,
      mustExist: options.mustExist,
      scratch: isDryRun,
      signal,
      ...(options.mustExist ? {} : { onUnfinished: warnOfRebuild(display) }),
      onWait: (holder) =>
        display.notice(`Waiting for ${holder?.command ?? "another run"} (process ${holder?.pid ?? "?"})`),
    }),
  );
  const { command } = options;
  return await recordCommand(
    context,
    library,
    { command, reserveBytes: flags.reserve, logs: flags.logs },
    (note, presence) => fetchInto({ library, open, note, presence }, requested, context, options),
  );
}

/** A folder that cannot be read is explained when the library is opened. */
async function isLibrary(root: string): Promise<boolean> {
  return await Deno.lstat(join(root, STATE_FOLDER)).then(() => true, () => false);
}

/** An open library, in which a run is being recorded. */
interface OpenPlace {
  readonly library: Library;
  /** Owns the library; what the result still needs is moved out of it. */
  readonly open: DisposableStack;
  readonly note: NoteRun;
  /** Stops the run if the library vanishes. */
  readonly presence: LibraryWatch;
}

async function fetchInto(
  { library, open, note, presence }: OpenPlace,
  requested: Choice,
  context: CommandContext<DownloadFlags>,
  options: RunDownloadOptions,
): Promise<Outcome> {
  const { flags, display, signal } = context;
  const isDryRun = flags.dryRun;
  const onWarning = presence.reportWhilePresent((message) => display.notice(`warning: ${message}`));
  const isLayoutGiven = flags.layout !== undefined || requested.template !== null;
  const { notice, ...layout } = settleLayout(library.catalog, isLayoutGiven ? requested : null);
  if (notice !== null) display.notice(`note: ${notice}`);
  const choice = { ...requested, layout: layout.layout, template: layout.template };
  const watch = createEventRecorder(context);
  await using run = await openCommandRun(context, library, {
    command: options.command,
    isDryRun,
    hasRollout: true,
    durable: flags.fsync,
    note,
    onEvent: watch.record,
    onWarning,
  });
  const targets = options.targets(library);
  try {
    const result = await download({
      ...run.engine,
      targets,
      choice,
      command: options.command,
      pace: { modelRate: flags.apiRate, imageRate: flags.imageRate },
      reserveBytes: flags.reserve,
      maxTimeMs: flags.maxTime,
      isPreview: isDryRun,
      waitsForAnswer: !isDryRun && needsConfirmation(context),
      async approve(plan, items) {
        watch.recordPlan(items);
        const isApproved = !isDryRun && await approve({ plan, items }, context, watch.pause);
        if (isApproved) rememberLayout(library.catalog, choice);
        return isApproved;
      },
      signal: presence.signal,
    });
    watch[Symbol.dispose]();
    await presence.look();
    // It may have vanished after the last file; what follows would be written below its mount point.
    if (presence.gone !== null && result.run?.stopped?.message !== presence.gone.message) throw presence.gone;
    // A run that was stopped is continued by the same command, which reads the same list.
    const readsList = result.run?.stopped != null && (flags.from ?? []).some((path) => isFailedList(path, library));
    const failedList = result.run === null || presence.gone !== null || readsList
      ? null
      : await writeFailedList(library, options.command, {
        ...result,
        asked: targets,
        choice,
        choiceWords: choiceWords(context, options.command),
      });
    const count = result.run === null
      ? null
      : countUnfinished(library, targets.length === 0 ? undefined : result.plan.runId);
    const left = count === null ? null : { ...count, command: commandAgain(context, library) };
    if (result.run === null && !isDryRun) note({ cause: DECLINED });
    const { problems } = options;
    if (result.run !== null) {
      const outageMs = run.progress?.lastOutageMs ?? 0;
      note(noteDownload(result.run, { left, plan: result.plan, targets, outageMs }));
      if (!signal.aborted) throwIfNothingWasDone(result.run, left);
    }
    const code = judgeDownload({ ...result, problems });
    const ownExit = code === null ? 0 : EXIT_CODES[code];
    // `undefined` stands for the exit code of the interruption.
    const exitCode = signal.aborted ? undefined : ownExit;
    // The user set --max-time: reaching it needs nobody. The limit of --quota has a hint that says when it goes on.
    const isTimeUp = exitCode !== undefined && code === "inconclusive" && result.run?.stopped?.hint === null;
    const reason = isTimeUp ? undefined : explainExit(result, { left, failedList, problems });
    if (reason !== undefined) note({ hint: reason.advice, again: reason.again });
    if (flags.events) return new Outcome(undefined, exitCode, reason);
    const kept = open.move();
    const shown: ShownDownload & Disposable = {
      ...result,
      left,
      failedList: failedList?.path ?? null,
      retry: failedList?.retry ?? null,
      declined: result.run === null && !isDryRun,
      problems,
      nameItems: (view) => nameItems(result, { ...view, isComplete: flags.all }),
      [Symbol.dispose]: () => kept.dispose(),
    };
    return new Outcome(shown, exitCode, reason);
  } finally {
    watch[Symbol.dispose]();
  }
}

/** Whether the user is asked to confirm the plan. */
function needsConfirmation({ io, display, flags }: CommandContext<Pick<DownloadFlags, "yes">>): boolean {
  return io.inIsTerminal && io.errIsTerminal && !flags.yes && !display.json;
}

async function approve(
  { plan, items }: Pick<DownloadResult, "plan" | "items">,
  context: CommandContext<Pick<DownloadFlags, "yes" | "all">>,
  pause: () => void,
): Promise<boolean> {
  const { io, display, flags, signal } = context;
  const isNothing = plan.wanted.files + plan.wanted.images === 0;
  // The result lists what cannot be planned or read. On a terminal it is also printed immediately.
  if (!isNothing || plan.nothing !== null) {
    const width = io.errIsTerminal ? io.width() : Infinity;
    const lines = renderPlan(plan);
    const view = { width, otherLines: lines.length, isComplete: flags.all };
    const text = [...lines, ...namePlan(items, plan.refusedVersions, view)].join("\n");
    display.log(text);
  }
  if (isNothing) return true;
  if (!needsConfirmation(context)) return true;
  pause();
  const files = formatCount(plan.wanted.files + plan.wanted.images, "file");
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
