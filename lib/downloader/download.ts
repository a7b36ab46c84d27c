import { freeSpace } from "../base/mod.ts";
import { type ItemFilter, readForgotten } from "../library/mod.ts";
import type { Choice } from "./choice.ts";
import { checkKey } from "./_check_key.ts";
import { rememberChoice } from "./choice_memory.ts";
import { countOnDisk } from "./fetch/count_on_disk.ts";
import { countOutcomes, type OutcomeCounts } from "./fetch/count_outcomes.ts";
import type { Pace } from "./plan/requests/expected_requests.ts";
import type { Library } from "./open_library.ts";
import type { FetchOptions } from "./settled_fetch.ts";
import { RunItems } from "./list_run.ts";
import { explainNothing } from "./plan/report/explain_nothing.ts";
import { findRefusedTargets, type RefusedTarget } from "./plan/report/find_refused_targets.ts";
import { forgetUnreadable } from "./plan/report/note_unreadable.ts";
import { PlanReport, type PlanReportData } from "./plan/report/plan_report.ts";
import type { SettledPlanning } from "./plan/settled_planning.ts";
import { planAgain } from "./plan/plan_again.ts";
import { PlanRetries } from "./plan/plan_retries.ts";
import type { PlanTarget } from "./plan/plan_target.ts";
import { planTargets } from "./plan/plan_targets.ts";
import { runQueue } from "./fetch/run_queue.ts";
import type { RunSummary } from "./fetch/run_summary.ts";
import { PathTally } from "./verify/path_tally.ts";
import type { PathList } from "./verify/verify_summary.ts";
import { ServiceWatch } from "./plan/requests/service_watch.ts";
import {
  agreeToPlan,
  type OpenPlan,
  openPlan,
  UNFINISHED,
  withdrawPlan,
  withdrawUnanswered,
} from "./plan/withdraw_plan.ts";

/** A plan, with the free space on the disk. */
export interface SizedPlan extends PlanReportData {
  /** Id of the run in the catalog. */
  readonly runId: number;
  /** Whether the run resumes an interrupted one of the same targets. */
  readonly resumes: boolean;
  /**
   * Why there is nothing to fetch; `null` if there is something, if items are already on disk, or if the problems explain
   * it.
   */
  readonly nothing: string | null;
  /** Files to fetch again, since Civitai has replaced what is on disk. */
  readonly replaced: PathList;
  /** Number of files to fetch that may be on disk: the run reads them first, and does not fetch those that are right. */
  readonly maybeThere: number;
  /** Free bytes on the library's file system. */
  readonly freeBytes: number;
  /** Bytes that must stay free on the disk. */
  readonly reserveBytes: number;
}

/** Options of {@linkcode download}. */
export interface DownloadOptions extends FetchOptions {
  /** Targets to fetch; if empty, all unfinished items of the catalog are fetched. */
  readonly targets: readonly PlanTarget[];
  /** Filters, limits and layout. */
  readonly choice: Choice;
  /** Name of the command that the catalog records for the run: `download` or `update`. */
  readonly command: string;
  /** Bytes that must stay free on the disk. */
  readonly reserveBytes: number;
  /** Time since the start of the download after which no new file starts, in milliseconds; unlimited if absent. */
  readonly maxTimeMs?: number | undefined;
  /**
   * Whether to only plan. Nothing is fetched, `approve` is called but its result is ignored, and the plan stays in the
   * catalog, which should be a temporary copy (see `scratch` of {@linkcode openLibrary}).
   *
   * @default {false}
   */
  readonly isPreview?: boolean | undefined;
  /**
   * Called with the plan, and its items by name, before anything is fetched; `false` withdraws the plan and ends the
   * download.
   */
  readonly approve: (plan: SizedPlan, items: RunItems) => Promise<boolean>;
  /**
   * Whether `approve` waits for a person. If so and the process is killed before the person answers, the plan counts as
   * declined, unless the next run has the same targets.
   *
   * @default {false}
   */
  readonly waitsForAnswer?: boolean | undefined;
  /** Called with the id of the run in the catalog, before anything is planned; absent if nobody wants it. */
  readonly onRun?: ((runId: number) => void) | undefined;
  /** Rates of the client, to announce how long a listing takes; without them, there is no announcement. */
  readonly pace?: Pace | undefined;
}

/** Result of {@linkcode download}. */
export interface DownloadResult {
  /** The plan as it was approved or declined. */
  readonly plan: SizedPlan;
  /** The items of the run by name; read them before the library is closed. */
  readonly items: RunItems;
  /** Summary of the queue; `null` when the plan was not approved. */
  readonly run: RunSummary | null;
  /** Number of items by outcome, of the plan and the queue together. */
  readonly counts: OutcomeCounts;
  /** If the plan was not approved, the number of items that were unfinished before and stay unfinished; otherwise 0. */
  readonly kept: number;
  /**
   * Named models, versions and files that the server refused during the run; earlier refusals are in `plan.problems`.
   */
  readonly refused: readonly RefusedTarget[];
}

/**
 * Plan the targets into the catalog, get approval, and fetch the plan.
 *
 * @param options Library, client, targets, profile, limits
 * @returns Plan, summary and outcomes
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { DEFAULT_CHOICE, download, openEngine, openLibrary } from "@civitai-dl/civitai-dl/downloader";
 * import { startSandbox } from "@civitai-dl/civitai-dl/sandbox";
 *
 * await using sandbox = await startSandbox({ outcomes: {}, requireLogin: 0 });
 * const folder = await Deno.makeTempDir();
 * await using cleanup = new AsyncDisposableStack();
 * cleanup.defer(() => Deno.remove(folder, { recursive: true }));
 * using library = await openLibrary(folder, { command: "example" });
 * using engine = openEngine({ library, client: { baseUrl: sandbox.apiOrigin, token: sandbox.token } });
 * const { plan, counts } = await download({
 *   ...engine,
 *   targets: [{ type: "search", query: { types: ["LORA"] } }],
 *   choice: { ...DEFAULT_CHOICE, versions: "latest", gallery: 0 },
 *   command: "example",
 *   reserveBytes: 0,
 *   approve: (plan) => Promise.resolve(plan.wanted.bytes < 1e9),
 *   signal: AbortSignal.timeout(60_000),
 * });
 * assertEquals(counts.done, plan.wanted.files + plan.wanted.images);
 * ```
 */
export async function download(options: DownloadOptions): Promise<DownloadResult> {
  const { library, client, choice, targets, pace, clock, signal, onEvent } = options;
  const started = clock.monotonic();
  const startedAt = clock.now();
  const { runId, resumes } = startOrResumeRun(options);
  options.onRun?.(runId);
  const report = new PlanReport();
  withdrawUnanswered(library, { exceptRunId: runId });
  const openedPlan = openPlan(library, { runId, asks: options.waitsForAnswer ?? false });
  const context: SettledPlanning = {
    library,
    client,
    choice,
    forgotten: readForgotten(library.catalog),
    runId,
    report,
    service: new ServiceWatch(client),
    retries: new PlanRetries(),
    onEvent,
    clock,
    concurrency: options.profile.connections,
    pace,
    signal,
  };
  const hasTargets = targets.length > 0;
  if (!hasTargets) library.catalog.assignRun(runId, { states: UNFINISHED });
  if (resumes || !hasTargets) recallVersions(context);
  // Without targets, the queue fetches whatever is unfinished in the catalog.
  const queued = { runId: hasTargets ? runId : undefined, dueBefore: startedAt };
  const items = new RunItems(library, { runId, startedAt, unfinishedBefore: openedPlan.unfinishedBefore });
  const needsKey = hasTargets || (await countWanted(library, queued)).files > 0;
  {
    using _listing = beginListing(options);
    if (needsKey) await checkKey({ library, client, clock, signal });
    await planTargets(context, targets);
    // A preview has no queue, which plans again at its end.
    if (options.isPreview) await planAgain(context);
  }
  const { reserveBytes } = options;
  // Count from the catalog, not from the report: the catalog includes items that were planned before an interruption,
  // and contains each item only once.
  const count = async (): Promise<PlanTotals> => ({
    wanted: await countWanted(library, queued),
    ...await countSettled(library, { runId, report, now: startedAt }),
  });
  const found: PlanReportData = { ...report.data(), ...await count() };
  let plan: SizedPlan = {
    ...found,
    nothing: explainNothing({
      plan: found,
      choice,
      hasTargets,
      isEmpty: library.catalog.items().take(1).toArray().length === 0,
      resumes,
    }),
    runId,
    resumes,
    replaced: listReplaced(library, queued),
    maybeThere: await countOnDisk(library, { ...queued, states: UNFINISHED }, signal),
    freeBytes: await freeSpace(library.root),
    reserveBytes,
  };
  onEvent({ type: "plan", files: plan.wanted.files + plan.wanted.images, bytes: plan.wanted.bytes });
  const unfetched = { plan, items, run: null, counts: countOutcomes(plan, null), refused: [] };
  if (options.isPreview) {
    await options.approve(plan, items);
    return { ...unfetched, kept: 0 };
  }
  if (!await isApproved(options, plan, { openedPlan, items })) {
    const { files, images } = await countWanted(library, queued);
    return { ...unfetched, kept: files + images };
  }
  rememberChoiceOf(options, { runId, report });
  const queue = await runQueue(options, {
    runId: queued.runId,
    reserveBytes,
    hasVersionFolders: choice.layout === "classic" && choice.template === null,
    allowFlagged: choice.allowFlagged,
    planAgain: async () => {
      using _listing = beginListing(options);
      plan = await extendPlan(context, plan, count);
    },
    deadline: options.maxTimeMs === undefined ? undefined : started + options.maxTimeMs,
  });
  const run: RunSummary = { ...queue, retries: queue.retries + options.countRetries() };
  const counts = countOutcomes(plan, run);
  const { fetchedBytes, resumedBytes, durationMs, retries, stopped } = run;
  onEvent({
    type: "summary",
    counts,
    fetchedBytes,
    resumedBytes,
    durationMs: Math.round(durationMs),
    retries,
    ...stopped === null ? {} : { stopped: { message: stopped.message, failure: stopped.failure ?? null } },
  });
  // A run that was stopped stays open, so that the same command resumes it.
  if (run.stopped === null) {
    library.catalog.endRun(runId, { ...run, failed: run.failed.length });
    forgetUnreadable(context);
  }
  return { plan, items, run, counts, kept: 0, refused: findRefusedTargets(library, report.namedTargets, { runId }) };
}

/** Note that the API is asked what to fetch, until the result is disposed. */
function beginListing({ progress, client }: DownloadOptions): Disposable | undefined {
  return progress?.beginListing(new URL(client.baseUrl).host);
}

/** Record the choice of a run for later updates of its models; an update repeats what is recorded, and records nothing. */
function rememberChoiceOf(
  { library, targets, choice }: DownloadOptions,
  { runId, report }: Pick<SettledPlanning, "runId" | "report">,
): void {
  if (targets.every(({ type }) => type === "models")) return;
  const namedByVersion = report.namedTargets.filter(({ versionId }) => versionId !== null);
  const partial = new Set(namedByVersion.map(({ modelId }) => modelId));
  rememberChoice(library.catalog, listModels(library, runId), { choice, partial });
}

/** List the models of which a run has planned files. */
function listModels({ catalog }: Library, runId: number): ReadonlySet<number> {
  return new Set(catalog.modelIds({ runId, kinds: ["file"] }));
}

/** Ask for approval. Withdraw the plan if it is declined or `approve` throws. */
async function isApproved(
  { library, approve }: DownloadOptions,
  plan: SizedPlan,
  { openedPlan, items }: { readonly openedPlan: OpenPlan; readonly items: RunItems },
): Promise<boolean> {
  try {
    const isAccepted = await approve(plan, items);
    if (isAccepted) agreeToPlan(library, openedPlan);
    else withdrawPlan(library, openedPlan);
    return isAccepted;
  } catch (error) {
    withdrawPlan(library, openedPlan);
    throw error;
  }
}

/**
 * Resume the last run if it was interrupted and had the same targets and choice, so that its listings continue.
 * Otherwise, start a new run.
 */
function startOrResumeRun(options: DownloadOptions): { readonly runId: number; readonly resumes: boolean } {
  const { library: { catalog }, targets, choice, command, profile } = options;
  const request = JSON.stringify({ targets, choice });
  const last = catalog.lastRuns(1)[0];
  if (last !== undefined && last.endedAt === null && JSON.stringify(last.targets) === request) {
    return { runId: last.id, resumes: true };
  }
  return { runId: catalog.startRun({ command, engine: profile.name, targets: { targets, choice } }), resumes: false };
}

/** Count the models and versions that the run has planned before; a model that is listed again counts once. */
function recallVersions({ library: { catalog }, report, runId }: SettledPlanning): void {
  for (const { modelId, versionId } of catalog.versionsOfRun(runId)) report.addModel(modelId, [versionId]);
}

/** Counts of a plan that come from the catalog. */
type PlanTotals = Pick<PlanReportData, "wanted" | "there" | "refused">;

/** Plan again what could not be planned, and add to the plan what this brings. */
async function extendPlan(
  context: SettledPlanning,
  plan: SizedPlan,
  count: () => Promise<PlanTotals>,
): Promise<SizedPlan> {
  const before = await count();
  const { targets, failed } = await planAgain(context);
  if (targets === 0) return plan;
  const after = await count();
  const wanted = subtract(after.wanted, before.wanted);
  const { files, images, bytes } = wanted;
  context.onEvent({ type: "replan", targets, failed, files: files + images, bytes });
  return {
    ...plan,
    ...context.report.data(),
    wanted: add(plan.wanted, wanted),
    there: add(plan.there, subtract(after.there, before.there)),
    refused: add(plan.refused, subtract(after.refused, before.refused)),
  };
}

/** Subtract the counts of one record from those of another. */
function subtract<Name extends string>(
  after: Readonly<Record<Name, number>>,
  before: Readonly<Record<Name, number>>,
): Readonly<Record<Name, number>> {
  const names = Object.keys(after) as Name[];
  return Object.fromEntries(names.map((name) => [name, after[name] - (before[name] ?? 0)])) as Record<Name, number>;
}

/** Add the counts of two records. */
function add<Name extends string>(
  first: Readonly<Record<Name, number>>,
  second: Readonly<Record<Name, number>>,
): Readonly<Record<Name, number>> {
  const names = Object.keys({ ...first, ...second }) as Name[];
  const sums = names.map((name) => [name, (first[name] ?? 0) + (second[name] ?? 0)]);
  return Object.fromEntries(sums) as Record<Name, number>;
}

/** Count the items that the queue will fetch. */
async function countWanted({ catalog }: Library, queued: ItemFilter): Promise<PlanReportData["wanted"]> {
  const filter: ItemFilter = { ...queued, states: UNFINISHED };
  const files = await catalog.totalsInTurns({ ...filter, kinds: ["file"] });
  const images = await catalog.totalsInTurns({ ...filter, kinds: ["preview", "gallery", "image"] });
  return { files: files.count, images: images.count, bytes: files.bytes + images.bytes };
}

/** List the files that the queue will fetch in place of files on disk. */
function listReplaced({ catalog }: Library, queued: ItemFilter): PathList {
  const tally = new PathTally();
  for (const item of catalog.replacedItems({ ...queued, states: UNFINISHED })) {
    tally.add(item.path, item.sizeBytes ?? 0);
  }
  return tally.data();
}

/** Count the items of the plan that are done or refused, each once, even if several targets name it. */
async function countSettled(
  { catalog }: Library,
  { runId, report, now }: { readonly runId: number; readonly report: PlanReport; readonly now: number },
): Promise<Pick<PlanReportData, "there" | "refused">> {
  const refused: Record<string, number> = { ...report.countRefusedVersions(), ...report.countForgotten() };
  for (const item of catalog.items({ runId, states: ["refused", "deferred"] })) {
    // The queue fetches what is due, so that it counts as wanted.
    const isDue = item.state === "deferred" && (item.notBefore === null || item.notBefore <= now);
    if (isDue || item.outcome === null) continue;
    refused[item.outcome] = (refused[item.outcome] ?? 0) + 1;
  }
  const { count, bytes } = await catalog.totalsInTurns({ runId, states: ["done"] });
  return { there: { count, bytes }, refused };
}
