import { join } from "node:path";
import { formatCount, formatDuration, thisMachine, thisProgram } from "../base/mod.ts";
import {
  CLAIM_IDS,
  type ClaimId,
  openSoakFiles,
  openWorkFolder,
  type OwnMemory,
  ProcessMeter,
  resumeSoak,
  runSoak,
  type SoakEvent,
  type SoakEvidence,
  type SoakFacts,
  type SoakProbe,
  type SoakRow,
} from "../soak/mod.ts";
import { describeDeadlock } from "./describe_deadlock.ts";
import { type SavedStability, saveStability } from "./report/save_stability.ts";
import { engineOf, type StabilityAnswer, type StabilityKind, stabilityKinds } from "./stability_job.ts";
import type { StabilityProgress } from "./stability_progress.ts";
import { StabilityLane } from "./stability_lane.ts";
import { watchWorker, type WorkerHost } from "./work/stability_worker.ts";
import { stabilityToxics } from "./work/stability_toxics.ts";
import { STABILITY_SCHEMA, type StabilityPlan, type StabilitySettings } from "./stability_settings.ts";

/** What a run needs from the program that starts it. */
export type StabilityHost = WorkerHost<StabilityProgress>;

/**
 * In runs of two hours with four lanes, the heap grew by up to 1.3 MiB in the first half hour, and did not grow
 * afterwards. Each lane has a library and connections of its own: with eight, four minutes looked like 2.6 MiB.
 */
const WARM_UP = { forMs: 3_600_000, leastBytes: 2 << 20, bytesPerLane: 1 << 19 };
/** Fraction of the jobs with faults; the others show the cost of the faults. */
const INJECT_RATE = 0.7;
const OF_FAULTS: readonly ClaimId[] = ["recovery_rate", "late_cut_rate"];
/** Time that jobs have to end after the planned time; those that stand still are found after a minute. */
const DRAIN_MS = 180_000;

/**
 * Repeat plans, downloads, updates and verifications under faults until the planned time is over, and write the report.
 *
 * @param host Signal, commit, worker and display of the program
 * @param settings What the run does; of a resumed run, what its report says
 * @param plan Where and how long it works
 * @returns The report, and the files that could not be written
 * @throws {EvidenceError} If the report to resume was modified or is of another kind
 * @throws {KitError} `unsafe` if another run uses the same folder, or if commit, machine or settings of a resumed run
 * differ from its report
 */
export async function runStability(
  host: StabilityHost,
  settings: StabilitySettings,
  plan: StabilityPlan,
): Promise<SavedStability> {
  const facts = describeRun(host, settings);
  const resume = (text: string): SoakEvidence => resumeSoak(text, { ...facts, plannedMs: plan.plannedMs });
  using files = await openSoakFiles(plan.path, facts, plan.isResumed ? { resume } : {});
  const { resumed } = files;
  const { plannedMs = resumed!.plannedMs, intervalMs = resumed!.intervalMs } = plan;
  const { toxics, lanes, seed, pace, engine, abortOn, delayAbort } = settings;
  host.display.log(describeStart(settings, { path: plan.path, plannedMs, intervalMs }));
  await using stack = new AsyncDisposableStack();
  const { path: folder } = stack.use(await openWorkFolder(plan.workFolder));
  const bench = await openBench(host, { settings, folder, stack });
  const found = await runSoak({
    plannedMs,
    intervalMs,
    perSecond: pace,
    lanes,
    seed,
    kinds: stabilityKinds(engine),
    groupOf: ({ kind }) => kind === "verify" ? undefined : engineOf(kind as StabilityKind, engine),
    injectRate: toxics === "none" ? 0 : INJECT_RATE,
    work: bench.work,
    probe: bench.probe,
    dump: bench.dump,
    restarts: () => bench.watched.restarts,
    warmUp: { forMs: WARM_UP.forMs, growthBytes: Math.max(WARM_UP.leastBytes, lanes * WARM_UP.bytesPerLane) },
    // Without faults, there is nothing to recover from, and nobody is silent.
    claims: CLAIM_IDS.filter((id) => toxics !== "none" || !OF_FAULTS.includes(id)),
    abortOn,
    delayAbortMs: delayAbort,
    drainMs: DRAIN_MS,
    signal: host.signal,
    resume: resumed === null ? undefined : { report: resumed, endedAt: resumed.endedAt },
    async onInterval(row, current) {
      host.display.log(describeInterval(row));
      await files.write(current());
    },
    onEvent(event) {
      if (event.type === "progress") host.onProgress({ ...event, plannedMs, intervalMs });
      else report(host, event);
    },
  });
  return await saveStability(files, found);
}

function describeRun({ commit }: StabilityHost, settings: StabilitySettings): SoakFacts {
  return {
    schema: STABILITY_SCHEMA,
    version: 1,
    tool: thisProgram(),
    machine: thisMachine(),
    commit,
    startedAt: new Date().toISOString(),
    settings: { ...settings },
  };
}

interface BenchOptions {
  readonly settings: StabilitySettings;
  readonly folder: string;
  readonly stack: AsyncDisposableStack;
}

/** Open the lanes, and prepare the process under test. */
async function openBench(host: StabilityHost, options: BenchOptions) {
  const { settings, folder, stack } = options;
  const lanes: StabilityLane[] = [];
  const meter = stack.use(new ProcessMeter());
  const watched = stack.use(watchWorker(host, () => ({ folder, origins: lanes.flatMap((lane) => lane.origins) })));
  for (let lane = 0; lane < settings.lanes; lane++) {
    lanes.push(stack.use(
      await StabilityLane.open({
        folder: join(folder, `lane-${lane}`),
        seed: settings.seed,
        engine: settings.engine,
        toxics: (seed) => stabilityToxics(settings.toxics, seed),
        hand: async (job, { signal, beat }) => await watched.work(job, { signal, beat }) as StabilityAnswer,
      }),
    ));
  }
  return {
    watched,
    work: (...[job, context]: Parameters<StabilityLane["work"]>) => lanes[job.lane]!.work(job, context),
    async probe(): Promise<SoakProbe | null> {
      const own = await watched.probe() as OwnMemory & Pick<SoakProbe, "loopLagMs" | "timers">;
      const usage = watched.pid === null ? null : await meter.measure(watched.pid);
      return { ...own, rss: usage?.rss ?? own.rss, handles: usage?.handles ?? null };
    },
    async dump(): Promise<string | null> {
      const usage = watched.pid === null ? null : await meter.measure(watched.pid);
      return usage === null
        ? null
        : `process ${watched.pid}: ${usage.rss} bytes resident, ${usage.handles} files and sockets`;
    },
  };
}

/** Say what begins: the first jobs end only after seconds, and the first round after minutes. */
function describeStart(
  { toxics, engine, lanes, seed }: StabilitySettings,
  { path, plannedMs, intervalMs }: { readonly path: string; readonly plannedMs: number; readonly intervalMs: number },
): string {
  const engines = engine === "all" ? "all engines" : `engine ${engine}`;
  const what = `${formatDuration(plannedMs)} with ${toxics === "none" ? "no" : toxics} faults, ${engines}`;
  const how = `${formatCount(lanes, "lane")}, seed ${seed}, a round every ${formatDuration(intervalMs)}`;
  return `Stability: ${what}, ${how}; report ${path}`;
}

function report({ display }: StabilityHost, event: SoakEvent): void {
  if (event.type === "result") {
    const { failures = 0, mismatches = 0 } = event.result;
    if (failures + mismatches > 0) display.detail(`${event.job.id}: ${failures} failed, ${mismatches} wrong`);
  } else if (event.type === "gap") {
    const { kind, lengthMs } = event.gap;
    display.notice(`Gap: ${kind}, ${lengthMs < 0 ? "-" : ""}${formatDuration(Math.abs(lengthMs))}`);
  } else if (event.type === "deadlock") {
    display.notice(`Deadlock: ${describeDeadlock(event.deadlock)}`);
  } else if (event.type === "unwritten") display.notice(`warning: Cannot write the report: ${event.reason}`);
}

/** Describe an interval: `12 at 3h: 60 jobs, 2 failed, recovered 41 of 41, p99 2310 ms, heap 12.3 MB`. */
function describeInterval(row: SoakRow): string {
  const { interval, startMs, lengthMs, ops, failed, recovered, unrecovered, p99Ms, heapUsed } = row;
  const parts = [
    `${formatCount(ops, "job")}, ${failed} failed`,
    `recovered ${recovered} of ${recovered + unrecovered}`,
    ...p99Ms === null ? [] : [`p99 ${Math.round(p99Ms)} ms`],
    ...heapUsed === null ? [] : [`heap ${(heapUsed / 1e6).toFixed(1)} MB`],
  ];
  return `${interval + 1} at ${formatDuration(startMs + lengthMs)}: ${parts.join(", ")}`;
}
