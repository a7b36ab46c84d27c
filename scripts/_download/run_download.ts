import { EXIT_CODES, formatCount, KitError } from "../../lib/base/mod.ts";
import { type CommandContext, confirm, Outcome } from "../../lib/cli/mod.ts";
import {
  checkLibraryFolder,
  type Choice,
  type DownloadResult,
  findEarlyStop,
  type Library,
  type LibraryWatch,
  type NoteRun,
  openLibrary,
  type PlanTarget,
  type RunSummary,
} from "../../lib/downloader/mod.ts";
import { isLayoutGiven, readChoice } from "./choice.ts";
import { renderUnfinished, type UnfinishedItems } from "./unfinished_items.ts";
import { namePlan, nameResult, type NamesView } from "./render_names.ts";
import { renderPlan, renderWantedSize, type ShownDownload } from "./render_plan.ts";
import { recordCommand } from "../_frame/library/record_command.ts";
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
import { isLibrary } from "../_frame/library/is_library.ts";
import { warnOfRebuild } from "../_frame/library/catalog_notices.ts";
import { createEventRecorder } from "./create_event_recorder.ts";
import { addToQueue, isHeld, type QueuedRequest } from "./add_to_queue.ts";
import { fetchTargets, judgeFetch } from "./fetch_targets.ts";
import { keepQueue } from "./go_on_with_queue.ts";

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
  /** What goes into the queue with `--queue` if another run holds the library; absent for a command without the flag. */
  readonly queued?: Omit<QueuedRequest, "choice"> | undefined;
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
  & { readonly events: boolean; readonly all: boolean; readonly queue?: boolean };

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
  let library: Library;
  try {
    library = cleanup.use(
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
  } catch (error) {
    if (!flags.queue || options.queued === undefined || !await isHeld(error, output)) throw error;
    return await addToQueue(context, output, { ...options.queued, choice: requested });
  }
  const endMs = flags.maxTime === undefined ? Infinity : performance.now() + flags.maxTime;
  using keeper = await keepQueue(context, library, command);
  let isWhole = false;
  const outcome = await recordCommand(
    context,
    library,
    { command, reserveBytes: flags.reserve, logs: flags.logs },
    async (note, presence) => {
      const fetched = await fetchInto({ context, options, library, cleanup, note, presence }, requested);
      ({ isWhole } = fetched);
      return fetched.outcome;
    },
  );
  if (isWhole) await keeper?.workOff(endMs);
  else keeper?.giveUp();
  return outcome;
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

/** The result of a command, and whether its run came to its end. */
interface FetchedInto {
  readonly outcome: Outcome;
  readonly isWhole: boolean;
}

async function fetchInto(place: OpenPlace, requested: Choice): Promise<FetchedInto> {
  const { context, options, library, cleanup } = place;
  const { flags, signal } = context;
  const { command, problems } = options;
  using recorder = createEventRecorder(context);
  const fetchPlace = { ...place, command };
  const fetched = await fetchTargets(fetchPlace, {
    targets: options.targets(library),
    choice: requested,
    hasLayout: isLayoutGiven(flags),
    isDryRun: flags.dryRun,
    problems,
    from: flags.from ?? [],
    onEvent: recorder.record,
    waitsForAnswer: !flags.dryRun && needsConfirmation(context),
    async approve(plan, items) {
      recorder.recordPlan(items);
      return !flags.dryRun && await showAndConfirm({ plan, items }, context, recorder.pause);
    },
  });
  const { result, left, failedList } = fetched;
  if (result.run !== null && !signal.aborted) throwIfNothingWasDone(result.run, left);
  const { code, reason } = judgeFetch(fetchPlace, fetched, problems);
  const verdict = code === null ? 0 : EXIT_CODES[code];
  // `undefined` stands for the exit code of the interruption.
  const exitCode = signal.aborted ? undefined : verdict;
  const isWhole = result.run !== null && result.run.stopped === null && !signal.aborted;
  if (flags.events) return { outcome: new Outcome(undefined, exitCode, reason), isWhole };
  const closing = cleanup.move();
  const shown: ShownDownload & Disposable = {
    ...result,
    left,
    failedList: failedList?.path ?? null,
    retry: failedList?.retry ?? null,
    declined: result.run === null && !flags.dryRun,
    problems,
    nameItems: (view) => nameItems(result, { ...view, isComplete: flags.all }),
    [Symbol.dispose]: () => closing.dispose(),
  };
  return { outcome: new Outcome(shown, exitCode, reason), isWhole };
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
