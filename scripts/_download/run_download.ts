import { join } from "node:path";
import { EXIT_CODES, formatSize, KitError, parseHostTimeout, shell } from "../../lib/base/mod.ts";
import { type CommandContext, confirm, type Display, Outcome, withExit } from "../../lib/cli/mod.ts";
import {
  type Choice,
  download,
  findRepeatedFolder,
  judgeRun,
  type Library,
  openDayQuota,
  openEngine,
  openEventLog,
  openLibrary,
  openLibraryRollout,
  type PlanTarget,
  rememberLayout,
  type RunSummary,
  settleLayout,
  type SizedPlan,
} from "../../lib/downloader/mod.ts";
import { readChoice } from "./choice.ts";
import { writeFailedList } from "./failed_list.ts";
import { countUnfinished, renderUnfinished, type UnfinishedItems } from "./unfinished_items.ts";
import { renderPlan, type ShownDownload } from "./render_plan.ts";
import { readForce } from "./run_failsafe.ts";
import { openRunWatch } from "./run_watch.ts";
import {
  chooseLibrary,
  findKey,
  openAccess,
  readDayLimits,
  readLimiter,
  readProfile,
  sessionRedactor,
} from "../_frame/session.ts";
import type {
  ChoiceFlags,
  ClientFlags,
  EngineFlags,
  LayoutFlags,
  LibraryFlags,
  RunLogsFlags,
  SearchFlags,
} from "../_frame/flags.ts";
import { reportUpgrade, warnOfRebuild } from "../_frame/catalog_notices.ts";
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
  & Pick<SearchFlags, "limit">
  & { readonly dryRun: boolean; readonly yes: boolean; readonly events: boolean };

/** Open library and client, plan, ask for confirmation, download, and return the result with its exit code. */
export async function runDownload(
  context: CommandContext<DownloadFlags>,
  options: RunDownloadOptions,
): Promise<Outcome> {
  const { flags, env, display, signal } = context;
  const isDryRun = flags.dryRun;
  const requested = await readChoice(flags, { signal });
  const limits = readDayLimits(flags);
  for (const problem of options.problems) display.notice(`warning: ${problem}`);
  // A key that cannot be used leaves no empty library behind.
  await findKey(context);
  const output = chooseLibrary(context, { isTestMode: options.isTestMode ?? false });
  await rejectRepeatedFolder(output, requested, display);
  using library = await openLibrary(output, {
    command: options.command,
    waitMs: flags.wait,
    mustExist: options.mustExist,
    scratch: isDryRun,
    signal,
    onUpgrade: reportUpgrade(display),
    ...(options.mustExist ? {} : { onUnfinished: warnOfRebuild(display) }),
    onWait: (holder) =>
      display.notice(`Waiting for ${holder?.command ?? "another run"} (process ${holder?.pid ?? "?"})`),
  });
  const onWarning = (message: string) => display.notice(`warning: ${message}`);
  const isLayoutGiven = flags.layout !== undefined || requested.template !== null;
  const { notice, ...layout } = settleLayout(library.catalog, isLayoutGiven ? requested : null);
  if (notice !== null) display.notice(`note: ${notice}`);
  const choice = { ...requested, layout: layout.layout, template: layout.template };
  await using quota = isDryRun ? undefined : await openDayQuota(library, { limits, onWarning });
  // A dry run writes no log.
  const redact = sessionRedactor(flags, env);
  using log = isDryRun ? undefined : openEventLog(flags.logs, { redact });
  const watch = createEventRecorder(context, log);
  const profile = readProfile(flags, env);
  await using run = await openRunWatch(context, library, {
    logs: flags.logs,
    profile,
    redact,
    isDryRun,
    onEvent: watch.record,
    onWarning,
    onNotification: (text) => display.notice(text),
  });
  // An engine that was asked for is used; the rollout decides only about the others.
  await using rollout = isDryRun || readForce(context, profile) !== undefined
    ? undefined
    : await openLibraryRollout(library, {
      command: options.command,
      onEvent: run.record,
      onOutcome: run.recordArm,
      onWarning,
    });
  await using access = await openAccess(context, { needsKey: !isDryRun, library: library.root });
  using engine = openEngine({
    library,
    profile,
    failsafe: run.failsafe,
    rollout,
    maxRetries: flags.maxRetries,
    patienceMs: flags.patience,
    keepsLinks: !isDryRun,
    quota,
    limiter: readLimiter(flags),
    durable: flags.fsync,
    env,
    hostTimeouts: flags.hostTimeout.map(parseHostTimeout),
    onWait: run.recordWait,
    onEvent: run.record,
    client: { ...access.client, onRequest: run.recordRequest },
  });
  run.setApi(engine.client.baseUrl);
  const targets = options.targets(library);
  try {
    const result = await download({
      ...engine,
      targets,
      choice,
      command: options.command,
      pace: { modelRate: flags.apiRate, imageRate: flags.imageRate },
      reserveBytes: flags.reserve,
      maxTimeMs: flags.maxTime,
      waitsForAnswer: !isDryRun && needsConfirmation(context),
      async approve(plan) {
        const isApproved = !isDryRun && await approve(plan, context, watch.pause);
        if (isApproved) rememberLayout(library.catalog, choice);
        return isApproved;
      },
      signal,
    });
    watch[Symbol.dispose]();
    const failedList = result.run === null ? null : await writeFailedList(library, options.command, result);
    const left = result.run === null
      ? null
      : countUnfinished(context, library, targets.length === 0 ? undefined : result.plan.runId);
    return finish({ ...result, left, failedList, declined: result.run === null && !isDryRun }, {
      signal,
      problems: options.problems,
      isSilent: flags.events,
    });
  } finally {
    watch[Symbol.dispose]();
  }
}

/** Refuse the folder in which a program keeps its models; the layout has this folder itself. */
async function rejectRepeatedFolder(output: string, choice: Choice, display: Display): Promise<void> {
  const found = await findRepeatedFolder(output, choice);
  if (found === null) return;
  const { name, above, example, isOfProgram } = found;
  const flag = choice.template === null ? `--layout ${choice.layout}` : `--path-template "${choice.template}"`;
  const files = choice.template === null ? "LORA files" : "files";
  const repeated = `${files} ${isOfProgram ? "would go" : "go"} to ${join(output, example)}`;
  const again = shell`-o ${above}`;
  if (isOfProgram) {
    throw new KitError("usage", `Cannot use "${output}" with ${flag}: it adds "${name}" itself, so ${repeated}`, {
      hint: `Use ${again}`,
    });
  }
  display.notice(
    `note: The layout adds the folder "${name}" itself: ${repeated}. For ${join(above, example)}, use ${again}`,
  );
}

/** Whether the user is asked to confirm the plan. */
function needsConfirmation({ io, display, flags }: CommandContext<Pick<DownloadFlags, "yes">>): boolean {
  return io.inIsTerminal && io.errIsTerminal && !flags.yes && !display.json;
}

async function approve(
  plan: SizedPlan,
  context: CommandContext<Pick<DownloadFlags, "yes">>,
  pause: () => void,
): Promise<boolean> {
  const { io, display, signal } = context;
  const isNothing = plan.wanted.files + plan.wanted.images === 0;
  // The result lists what cannot be planned or read. On a terminal it is also printed immediately.
  if (!isNothing || plan.nothing !== null) display.log(renderPlan(plan));
  if (isNothing) return true;
  if (!needsConfirmation(context)) return true;
  pause();
  const question = `Fetch ${plan.wanted.files + plan.wanted.images} files, about ${formatSize(plan.wanted.bytes)}?`;
  return await confirm(io, question, { signal });
}

interface FinishFacts {
  readonly signal: AbortSignal;
  readonly problems: readonly string[];
  readonly isSilent: boolean;
}

function finish(result: ShownDownload, facts: FinishFacts): Outcome {
  const { run, plan, refused } = result;
  const shown = facts.isSilent ? undefined : { ...result, problems: facts.problems };
  if (facts.signal.aborted) return new Outcome(shown, undefined);
  const code = run === null ? null : judgeRun(run);
  if (run !== null) throwIfNothingWasDone(run, result.left);
  const isWhole = plan.problems.length + plan.unreadable.count + refused.length === 0 && facts.problems.length === 0;
  // A later run cannot get unavailable items either, so `failed` takes precedence over the time limit.
  if (code === null || (code === "inconclusive" && !isWhole)) return withExit(shown, isWhole ? 0 : EXIT_CODES.failed);
  return withExit(shown, EXIT_CODES[code]);
}

/** Throw if the run stopped before any item ended: an error is clearer than an empty summary. */
function throwIfNothingWasDone(run: RunSummary, left: UnfinishedItems | null): void {
  const { stopped, outcomes } = run;
  const isError = stopped !== null && stopped.code !== "inconclusive";
  if (!isError || Object.keys(outcomes).length > 0) return;
  const hints = [stopped.hint, left === null ? null : renderUnfinished(left)].filter((hint) => hint !== null);
  throw new KitError(stopped.code, stopped.message, hints.length === 0 ? {} : { hint: hints.join(". ") });
}
