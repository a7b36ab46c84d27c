import { cleanText, type ErrorCode, EXIT_CODES, KitError } from "../../lib/base/mod.ts";
import { choiceOf, type EntryEnd, type EntryRun, parseQueueTargets, type RunEntry } from "../../lib/app/mod.ts";
import { type CommandContext, Outcome, renderCommandLine } from "../../lib/cli/mod.ts";
import {
  describeRebuild,
  failureHints,
  FINISH_REBUILD,
  judgeRun,
  judgeVerify,
  type Library,
  libraryModels,
  noteRepair,
  noteVerify,
  type PlanTarget,
  repairLibrary,
  type RunSummary,
  unfinishedRebuild,
  verifyLibrary,
} from "../../lib/downloader/mod.ts";
import type { QueueCounts, QueueEntry, QueueFailure } from "../../lib/library/mod.ts";
import { explainRepair } from "../_download/explain_repair.ts";
import { explainVerify } from "../_download/explain_verify.ts";
import {
  type Fetched,
  type FetchFlags,
  type FetchPlace,
  fetchTargets,
  judgeFetch,
} from "../_download/fetch_targets.ts";
import { openCommandRun } from "../_download/open_command_run.ts";
import { recordCommand } from "../_frame/library/record_command.ts";
import { findKey } from "../_frame/session.ts";

/** What ends a run for a reason that the next entry would meet too. */
const OBSTACLES: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["auth", "network", "unsafe", "inconclusive"]);

/** Things that are not available, of those that an entry names. */
const MAX_NAMED = 1000;

/** The context in which an entry runs. */
type EntryContext = CommandContext<FetchFlags>;

/**
 * Create the function that runs entries of the queue as `download`, `update`, `verify` and `repair` do, with the flags of
 * the command that works off the queue.
 *
 * @param context Flags of engine, network and logs, whose sandbox is running, if they name one
 */
export function createRunEntry(context: EntryContext): RunEntry {
  return async (entry, run) => {
    const own: EntryContext = {
      ...context,
      signal: run.signal,
      commandLine: sayCommand(entry, run.library),
      // The command line names the folder.
      sourceOf: (name) => name === "output" ? "flag" : context.sourceOf(name),
    };
    const { kind } = entry;
    const isFetching = kind !== "verify";
    let end: EntryEnd | undefined;
    try {
      if (isFetching) await checkKey(own);
      await recordCommand(
        own,
        run.library,
        { command: kind, ...isFetching ? { reserveBytes: own.flags.reserve, logs: own.flags.logs } : {} },
        async (note, presence) => {
          const place: FetchPlace = { context: own, command: kind, library: run.library, note, presence };
          assertWhole(entry, run.library);
          const ran = await RUNS[kind](place, entry, run);
          end = ran.end;
          const reason = ran.code === null ? undefined : toReason(ran.end);
          return new Outcome(undefined, run.signal.aborted ? undefined : exitOf(ran.code), reason);
        },
      );
    } catch (error) {
      if (run.signal.aborted || !(error instanceof KitError)) throw error;
      if (!OBSTACLES.has(error.code)) throw error;
      return { type: "obstacle", reason: error.message, hint: error.hint ?? null };
    }
    return end!;
  };
}

/** Check that the key can be used; one that cannot stops every entry. */
async function checkKey(context: EntryContext): Promise<void> {
  try {
    await findKey(context);
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    throw new KitError("auth", error.message, error.hint === undefined ? {} : { hint: error.hint });
  }
}

/** Refuse to work on what a catalog has that does not have all yet, as `update` and `repair` do. */
function assertWhole({ kind }: QueueEntry, { catalog }: Library): void {
  const rebuild = kind === "update" || kind === "repair" ? unfinishedRebuild(catalog) : null;
  if (rebuild === null) return;
  throw new KitError("integrity", `Cannot ${kind}: ${describeRebuild(rebuild)}`, { hint: FINISH_REBUILD });
}

/** How the run of an entry ended, with the code of its error. */
interface RanEntry {
  readonly end: EntryEnd;
  readonly code: ErrorCode | null;
}

const RUNS: Readonly<
  Record<QueueEntry["kind"], (place: FetchPlace, entry: QueueEntry, run: EntryRun) => Promise<RanEntry>>
> = { download: fetchEntry, update: fetchEntry, verify: verifyEntry, repair: repairEntry };

async function fetchEntry(place: FetchPlace, entry: QueueEntry, run: EntryRun): Promise<RanEntry> {
  const choice = choiceOf(entry);
  const targets = entry.kind === "update"
    ? updatedModels(run.library, entry, choice.given)
    : parseQueueTargets(entry.targets, { baseUrl: place.context.flags.baseUrl });
  const fetched = await fetchTargets(place, {
    targets,
    choice: choice.fields,
    hasLayout: choice.hasLayout,
    isDryRun: false,
    problems: [],
    from: [],
    throttle: run.throttle,
    onEvent: run.onEvent,
    onRun: run.onRun,
    waitsForAnswer: false,
    approve: () => Promise.resolve(true),
  });
  const { code, reason } = judgeFetch(place, fetched, []);
  const { message = null, hint = null } = reason ?? {};
  const stopped = fetched.result.run?.stopped ?? null;
  if (isObstacle(stopped)) {
    return { code, end: { type: "obstacle", reason: stopped.message, hint: stopped.hint } };
  }
  const end = {
    reason: message,
    hint: hint ?? null,
    counts: countFetched(fetched, entry, run.library),
    failures: listFailures(fetched, run.library),
  };
  return { code, end: { type: "ended", end: { state: code === null ? "done" : "failed", ...end } } };
}

/** Whether a run was stopped by what would stop the next one too. Another entry may be small enough for the disk. */
function isObstacle(stopped: RunSummary["stopped"]): stopped is NonNullable<RunSummary["stopped"]> {
  return stopped !== null && stopped.neededBytes === undefined && OBSTACLES.has(stopped.code);
}

/** The models that an update is limited to; all of the library without any. */
function updatedModels(
  library: Library,
  { targets }: QueueEntry,
  given: ReturnType<typeof choiceOf>["given"],
): readonly PlanTarget[] {
  const ids = modelIds(targets);
  return ids === undefined ? libraryModels(library, given) : [{ type: "models", ids, given }];
}

/** The models that targets name; `undefined` for all of the library. */
function modelIds(targets: readonly unknown[]): readonly number[] | undefined {
  if (targets.length === 0) return undefined;
  return targets.flatMap((target) => /^model:(\d+)$/.exec(String(target))?.[1] ?? []).map(Number);
}

/** Count what an entry fetched, also before it was paused or its process ended, and what was there before it. */
function countFetched(
  { result: { counts, plan } }: Fetched,
  { startedAt }: QueueEntry,
  { catalog }: Library,
): QueueCounts {
  const { done = 0, "already there": there = 0, failed = 0, corrupted = 0, ...others } = counts;
  const refused = Object.values(others).reduce((sum, count) => sum + (count ?? 0), 0);
  let earlier = 0;
  if (there > 0 && startedAt !== null) {
    const items = catalog.items({ runId: plan.runId, states: ["done"] });
    earlier = items.reduce((count, { doneAt }) => count + Number(doneAt !== null && doneAt >= startedAt), 0) - done;
  }
  const fetched = done + Math.min(there, Math.max(0, earlier));
  return { done: fetched, there: done + there - fetched, failed: failed + corrupted, refused };
}

/** List what an entry did not get: what failed, then what Civitai does not give out. */
function listFailures({ result }: Fetched, { catalog }: Library): readonly QueueFailure[] {
  const { plan, run, refused } = result;
  const modelOf = modelNames(catalog);
  const hintOf = (failure: string): string | null => {
    const failed = (run?.failed ?? []).filter((item) => item.failure === failure);
    return failureHints({ failed, outcomes: {}, ...run === null ? {} : { keyHint: run.keyHint } })[0]?.text ?? null;
  };
  const hints = new Map((run?.failed ?? []).map(({ failure }) => [failure, hintOf(failure)]));
  const failed: readonly QueueFailure[] = [
    ...plan.problems.map(({ target, message, code }) => ({
      kind: "failed" as const,
      path: target,
      outcome: code,
      message,
      hint: null,
      model: modelOf(modelIds([target])?.[0] ?? null),
    })),
    ...(run?.failed ?? []).map(({ key, path, failure, message }) => ({
      kind: "failed" as const,
      path,
      outcome: failure,
      message,
      hint: hints.get(failure) ?? null,
      model: modelOf(catalog.item(key)?.modelId ?? null),
    })),
  ];
  const failedKeys = new Set(run?.failed.map(({ key }) => key));
  const files = catalog.items({ runId: plan.runId, states: ["refused", "deferred"] })
    .filter(({ key, outcome }) => outcome !== null && !failedKeys.has(key))
    .take(MAX_NAMED)
    .map((item) => ({
      kind: "refused" as const,
      path: item.path,
      outcome: item.outcome!,
      message: item.reason ?? "Civitai does not give it out",
      hint: null,
      model: modelOf(item.modelId),
    }))
    .toArray();
  const versions = plan.refusedVersions.slice(0, MAX_NAMED).map((version) => ({
    kind: "refused" as const,
    path: `${version.modelName} · ${version.versionName}`,
    outcome: version.outcome,
    message: version.reason,
    hint: null,
    model: modelOf(version.modelId),
  }));
  // A target that was refused is named by its files, unless an earlier run planned those.
  const named = refused.filter(({ message }) => !files.some((file) => file.message === message))
    .map(({ target, outcome, message }) => ({
      kind: "refused" as const,
      path: target,
      outcome,
      message,
      hint: null,
      model: modelOf(modelIds([target])?.[0] ?? null),
    }));
  return [...failed, ...named, ...versions, ...files];
}

/** Create the function that names models of a catalog, each of which it reads once. */
function modelNames(catalog: Library["catalog"]): (id: number | null) => QueueFailure["model"] {
  const known = new Map<number, QueueFailure["model"]>();
  return (id) => {
    if (id === null) return null;
    if (!known.has(id)) {
      const model = catalog.model(id);
      known.set(id, model === null ? null : { id, name: cleanText(model.name) || String(id) });
    }
    return known.get(id)!;
  };
}

/** Check what is on disk: every byte of named models, sizes and dates of a whole library. */
async function verifyEntry({ note, presence }: FetchPlace, entry: QueueEntry, run: EntryRun): Promise<RanEntry> {
  const ids = modelIds(entry.targets);
  const verified = await verifyLibrary(run.library, {
    deep: ids !== undefined,
    modelIds: ids,
    signal: presence.signal,
    onProgress: run.onCheck,
  });
  note(noteVerify(verified));
  const result = { rebuilt: null, unfinished: unfinishedRebuild(run.library.catalog), verified };
  const code = judgeVerify(result);
  const { ok, ...wrong } = verified.counts;
  const modelOf = modelNames(run.library.catalog);
  const { message = null, hint = null } = explainVerify(result) ?? {};
  return {
    code,
    end: {
      type: "ended",
      end: {
        state: code === null ? "done" : "failed",
        reason: message,
        hint,
        counts: { done: ok, there: 0, failed: Object.values(wrong).reduce((sum, count) => sum + count, 0), refused: 0 },
        failures: verified.problems.map(({ key, path, verdict, reason }) => ({
          kind: "failed",
          path,
          outcome: verdict,
          message: reason,
          hint: null,
          model: modelOf(run.library.catalog.item(key ?? "")?.modelId ?? null),
        })),
      },
    },
  };
}

async function repairEntry(place: FetchPlace, entry: QueueEntry, run: EntryRun): Promise<RanEntry> {
  const { context, note, presence } = place;
  await using opened = await openCommandRun(context, run.library, {
    command: "repair",
    isDryRun: false,
    hasRollout: false,
    durable: true,
    throttle: run.throttle,
    note,
    onEvent: run.onEvent,
    onWarning: presence.reportWhilePresent((message) => context.display.notice(`warning: ${message}`)),
  });
  const result = await repairLibrary({ ...opened.engine, signal: presence.signal }, {
    reserveBytes: context.flags.reserve,
    modelIds: modelIds(entry.targets),
    onProgress: (at) => run.onCheck({ ...at, bytesRead: 0, totalBytes: 0 }),
  });
  const { intact, patched, fetched, broken, failed, stopped } = result;
  const code = judgeRun({ failed, outcomes: {}, stopped });
  note(noteRepair(result));
  if (isObstacle(stopped)) return { code, end: { type: "obstacle", reason: stopped.message, hint: stopped.hint } };
  const modelOf = modelNames(run.library.catalog);
  const { message = null, hint = null } = explainRepair({ ...result, again: null }) ?? {};
  return {
    code,
    end: {
      type: "ended",
      end: {
        state: code === null ? "done" : "failed",
        reason: message,
        hint: hint ?? null,
        counts: { done: patched + fetched, there: intact, failed: broken, refused: 0 },
        failures: failed.map((item) => ({
          kind: "failed",
          path: item.path,
          outcome: item.failure,
          message: item.message,
          hint: null,
          model: modelOf(run.library.catalog.item(item.key)?.modelId ?? null),
        })),
      },
    },
  };
}

function exitOf(code: ErrorCode | null): number {
  return code === null ? 0 : EXIT_CODES[code];
}

function toReason(end: EntryEnd): { readonly message: string; readonly hint?: string | undefined } | undefined {
  const { reason, hint } = end.type === "ended" ? end.end : end;
  return reason === null ? undefined : { message: reason, hint: hint ?? undefined };
}

/** The command line that does the same, for whoever wants to go on without the queue. */
function sayCommand({ kind, targets }: QueueEntry, { root }: Library): string {
  const words = kind === "download" ? targets.filter((target) => typeof target === "string") : [];
  return renderCommandLine(["civitai-dl", kind, ...words, "-o", root]);
}
