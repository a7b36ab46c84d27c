import { type Clock, freeSpace, systemClock } from "../base/mod.ts";
import type { ItemFilter } from "../library/mod.ts";
import type { Choice } from "./choice.ts";
import { checkKey } from "./_check_key.ts";
import { countOutcomes, type OutcomeCounts } from "./fetch/count_outcomes.ts";
import type { DownloadEvent } from "./watch/download_event.ts";
import type { Pace } from "./plan/expect_requests.ts";
import type { Library } from "./open_library.ts";
import type { FetchContext } from "./fetch/fetch_context.ts";
import { galleryScope } from "./plan/gallery_scope.ts";
import { explainNothing } from "./plan/explain_nothing.ts";
import { findRefusedTargets, type RefusedTarget } from "./plan/find_refused_targets.ts";
import { forgetUnreadable, recallUnreadable } from "./plan/note_unreadable.ts";
import { PlanReport, type PlanReportData } from "./plan/plan_report.ts";
import { type PlanTarget, planTargets } from "./plan/plan_targets.ts";
import { runQueue } from "./fetch/run_queue.ts";
import type { RunSummary } from "./fetch/run_summary.ts";
import { ServiceWatch } from "./plan/service_watch.ts";
import { agreeToPlan, type OpenPlan, openPlan, withdrawPlan, withdrawUnanswered } from "./plan/withdraw_plan.ts";

/** A plan with what the disk says to it. */
export interface SizedPlan extends PlanReportData {
  /** The run in the catalog. */
  readonly runId: number;
  /** Whether an earlier run of the same targets was cut short and is gone on with. */
  readonly resumes: boolean;
  /** Why nothing is wanted; `null` when something is, is there already, or could not be planned. */
  readonly nothing: string | null;
  /** Free bytes of the library's file system. */
  readonly freeBytes: number;
  /** Bytes of it that are never used. */
  readonly reserveBytes: number;
}

/** Options of {@linkcode download}. */
export interface DownloadOptions extends Omit<FetchContext, "clock" | "onEvent"> {
  /** What to fetch; empty goes on with what the catalog says is unfinished. */
  readonly targets: readonly PlanTarget[];
  /** Which of it, and where it goes. */
  readonly choice: Choice;
  /** `download` or `update`, for the catalog. */
  readonly command: string;
  /** Bytes of the disk that are never used. */
  readonly reserveBytes: number;
  /** No new file is begun after this time. */
  readonly maxTimeMs?: number | undefined;
  /** Shown the plan; `false` ends here, and nothing of it stays planned. */
  readonly approve: (plan: SizedPlan) => Promise<boolean>;
  /**
   * Whether `approve` waits for a person: then a plan whose process is killed before the answer counts as declined, unless
   * the same targets are wanted again.
   *
   * @default {false}
   */
  readonly asks?: boolean | undefined;
  /** How fast the client asks, to announce how long a listing takes; without it that is not announced. */
  readonly pace?: Pace | undefined;
  /** Told what happens. */
  readonly onEvent?: ((event: DownloadEvent) => void) | undefined;
  /**
   * How often the client has asked again so far.
   *
   * @default {never}
   */
  readonly countRetries?: (() => number) | undefined;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** What a download did. */
export interface DownloadResult {
  /** What it set out to do. */
  readonly plan: SizedPlan;
  /** What came of it; `null` when the plan was not approved. */
  readonly run: RunSummary | null;
  /** How everything that was asked for ended. */
  readonly counts: OutcomeCounts;
  /** Of a plan that was not approved: how many items were unfinished before it, and stay so. */
  readonly kept: number;
  /** Named models, versions and files of which the server gave nothing; those that the plan knew are problems of it. */
  readonly refused: readonly RefusedTarget[];
}

/**
 * Plan the targets into the catalog, ask, and fetch.
 *
 * @param options Library, client, targets, engine
 * @returns Plan and summary
 */
export async function download(options: DownloadOptions): Promise<DownloadResult> {
  const { library, client, choice, targets, quota, pace, clock = systemClock, signal } = options;
  const onEvent = (event: DownloadEvent): void => {
    quota?.seeEvent(event);
    options.onEvent?.(event);
  };
  const started = clock.monotonic();
  const { runId, resumes } = beginRun(options);
  options.links?.sweep();
  const report = new PlanReport();
  withdrawUnanswered(library, { exceptRunId: runId });
  const open = openPlan(library, { runId, scope: galleryScope(client, choice), asks: options.asks ?? false });
  const concurrency = options.profile.connections;
  const service = new ServiceWatch(client);
  const context = { library, client, choice, runId, report, service, onEvent, clock, concurrency, pace, signal };
  recallUnreadable(context);
  const queued = { runId: targets.length === 0 ? undefined : runId, dueBefore: clock.now() };
  const isNeeded = targets.length > 0 || countWanted(library, queued).files > 0;
  if (isNeeded) await checkKey({ library, client, clock, signal });
  await planTargets(context, targets);
  const { reserveBytes } = options;
  // The catalog knows better than this planning: what was planned before a stop is there, and nothing twice.
  const found: PlanReportData = {
    ...report.data(),
    wanted: countWanted(library, queued),
    ...targets.length === 0 ? {} : countSettled(library, { runId, report, now: queued.dueBefore }),
  };
  const plan: SizedPlan = {
    ...found,
    nothing: explainNothing({ plan: found, choice, hasTargets: targets.length > 0, resumes }),
    runId,
    resumes,
    freeBytes: await freeSpace(library.root),
    reserveBytes,
  };
  onEvent({ type: "plan", files: plan.wanted.files + plan.wanted.images, bytes: plan.wanted.bytes });
  if (!await isApproved(options, plan, open)) {
    const { files, images } = countWanted(library, queued);
    return { plan, run: null, counts: countOutcomes(plan, null), kept: files + images, refused: [] };
  }
  const queue = await runQueue({ ...options, onEvent, clock, allowFlagged: choice.allowFlagged }, {
    runId: queued.runId,
    reserveBytes,
    hasOwnFolders: choice.layout === "classic" && choice.template === null,
    deadline: options.maxTimeMs === undefined ? undefined : started + options.maxTimeMs,
  });
  const run: RunSummary = { ...queue, retries: queue.retries + (options.countRetries?.() ?? 0) };
  const counts = countOutcomes(plan, run);
  const { fetchedBytes, resumedBytes, durationMs, retries } = run;
  onEvent({ type: "summary", counts, fetchedBytes, resumedBytes, durationMs: Math.round(durationMs), retries });
  // A run that was cut short stays open, so that the same command goes on with it.
  if (run.stopped === null) {
    library.catalog.endRun(runId, { ...run, failed: run.failed.length });
    forgetUnreadable(context);
  }
  return { plan, run, counts, kept: 0, refused: findRefusedTargets(library, report.namedTargets, { runId }) };
}

/** What nobody has agreed to does not stay planned. */
async function isApproved(options: DownloadOptions, plan: SizedPlan, open: OpenPlan): Promise<boolean> {
  const { library, approve } = options;
  try {
    const isYes = await approve(plan);
    if (isYes) agreeToPlan(library, open);
    else withdrawPlan(library, open);
    return isYes;
  } catch (error) {
    withdrawPlan(library, open);
    throw error;
  }
}

/** The same targets, cut short before, are gone on with: their listings need not be read again from the start. */
function beginRun(options: DownloadOptions): { readonly runId: number; readonly resumes: boolean } {
  const { library: { catalog }, targets, choice, command, profile } = options;
  const wish = JSON.stringify({ targets, choice });
  const last = catalog.lastRuns(1)[0];
  if (last !== undefined && last.endedAt === null && JSON.stringify(last.targets) === wish) {
    return { runId: last.id, resumes: true };
  }
  return { runId: catalog.startRun({ command, engine: profile.name, targets: { targets, choice } }), resumes: false };
}

/** What the queue will go through. */
function countWanted({ catalog }: Library, queued: ItemFilter): PlanReportData["wanted"] {
  const filter: ItemFilter = { ...queued, states: ["planned", "failed", "deferred", "quarantined"] };
  const files = catalog.totals({ ...filter, kinds: ["file"] });
  const images = catalog.totals({ ...filter, kinds: ["preview", "gallery", "image"] });
  return { files: files.count, images: images.count, bytes: files.bytes + images.bytes };
}

/** What the plan found done or refused, each item once, whichever targets name it. */
function countSettled(
  { catalog }: Library,
  { runId, report, now }: { readonly runId: number; readonly report: PlanReport; readonly now: number },
): Pick<PlanReportData, "there" | "refused"> {
  const refused: Record<string, number> = { ...report.refusedVersions() };
  for (const item of catalog.items({ runId, states: ["refused", "deferred"] })) {
    const isDue = item.state === "deferred" && (item.notBefore === null || item.notBefore <= now);
    if (isDue || item.outcome === null) continue;
    refused[item.outcome] = (refused[item.outcome] ?? 0) + 1;
  }
  const { count, bytes } = catalog.totals({ runId, states: ["done"] });
  return { there: { count, bytes }, refused };
}
