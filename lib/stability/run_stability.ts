import type { StabilitySettings } from "./stability_settings.ts";
import { join } from "node:path";
import { type EvidenceCommit, formatDuration, thisMachine, thisProgram } from "../base/mod.ts";
import {
  CLAIM_IDS,
  openSoakFiles,
  type OwnMemory,
  ProcessMeter,
  resumeSoak,
  runSoak,
  type SoakEvent,
  type SoakEvidence,
  type SoakFacts,
  type SoakProbe,
  type SoakRow,
  WatchedProcess,
} from "../soak/mod.ts";
import { describeDeadlock } from "./describe_deadlock.ts";
import { openWorkFolder } from "./work_folder.ts";
import { type SavedStability, saveStability } from "./report/save_stability.ts";
import { STABILITY_KINDS, type StabilityAnswer } from "./stability_job.ts";
import { StabilityLane } from "./stability_lane.ts";
import { stabilityToxics } from "./stability_toxics.ts";
import { resumeSettings } from "./resume_settings.ts";

/** The functions and data that a run needs from the program that starts it. */
export interface StabilityHost {
  /** Signal that ends the run early; its report is complete up to that time. */
  readonly signal: AbortSignal;
  /** The commit under test, for the report. */
  readonly commit: EvidenceCommit;
  /**
   * Creates the command of the process under test, which may only write to `folder` and connect to `origins`. Its
   * standard input, output and error must be `piped`.
   */
  readonly workerCommand: (
    place: { readonly folder: string; readonly origins: readonly string[] },
  ) => Deno.Command;
  /** Receives messages: each interval at `log`, problems at `notice`, failures of individual jobs at `detail`. */
  readonly display: {
    readonly log: (text: string) => void;
    readonly notice: (text: string) => void;
    readonly detail: (text: string) => void;
  };
}

/** In runs of two hours, the heap grew by up to 1.3 MiB in the first half hour, and did not grow afterwards. */
const WARM_UP = { forMs: 3_600_000, growthBytes: 2 << 20 };
/** Fraction of the jobs with faults; the others show the cost of the faults. */
const INJECT_RATE = 0.7;

/**
 * Repeat plans, downloads, updates and verifications under faults until the planned time is over, and write the report.
 *
 * @param host Signal, commit, worker and display of the program
 * @param requested Settings; a resumed run takes those that were not specified from its report
 * @returns The sealed report, and the files that could not be written
 * @throws {EvidenceError} If the report to resume was modified or is of another kind
 * @throws {KitError} `unsafe` if another run uses the same folder, or if commit, machine or settings of a resumed run
 * differ from its report
 */
export async function runStability(host: StabilityHost, requested: StabilitySettings): Promise<SavedStability> {
  const facts = describeRun(host, requested);
  const resume = (text: string): SoakEvidence => {
    const settings = resumeSettings(requested, text);
    return resumeSoak(text, { ...facts, settings: settingsOf(settings), plannedMs: settings.plannedMs });
  };
  using files = await openSoakFiles(requested.path, facts, requested.isResumed ? { resume } : {});
  const { resumed } = files;
  const settings = resumed === null ? requested : resumeSettings(requested, JSON.stringify(resumed));
  const { level, lanes, seed, perSecond, plannedMs } = settings;
  await using stack = new AsyncDisposableStack();
  const { path: folder } = stack.use(await openWorkFolder(settings.workFolder));
  const { display } = host;
  const isFirst = resumed === null;
  display.log(
    `${isFirst ? "Begins" : "Goes on"}: ${formatDuration(plannedMs)} of work by ${lanes} ${
      lanes === 1 ? "lane" : "lanes"
    }, ` +
      `a line every ${formatDuration(settings.intervalMs)}`,
  );
  const bench = await openBench(host, { settings, folder, stack });
  const found = await runSoak({
    plannedMs,
    intervalMs: settings.intervalMs,
    perSecond,
    lanes,
    seed,
    kinds: STABILITY_KINDS,
    injectRate: level === "none" ? 0 : INJECT_RATE,
    work: bench.work,
    probe: bench.probe,
    dump: bench.dump,
    restarts: () => bench.watched.restarts,
    warmUp: WARM_UP,
    // Without faults, there is nothing to recover from.
    claims: CLAIM_IDS.filter((id) => level !== "none" || id !== "recovery_rate"),
    abortOn: settings.abortOn,
    delayAbortMs: settings.delayAbortMs,
    drainMs: 60_000,
    signal: host.signal,
    resume: resumed === null ? undefined : { report: resumed, endedAt: resumed.endedAt },
    async onInterval(row, current) {
      display.log(describeInterval(row, plannedMs));
      await files.write(row, current());
    },
    onEvent: (event) => report(host, event),
  });
  return await saveStability(files, found);
}

function describeRun({ commit }: StabilityHost, settings: StabilitySettings): SoakFacts {
  return {
    schema: "civitai-dl/stability",
    version: 1,
    tool: thisProgram(),
    machine: thisMachine(),
    commit,
    startedAt: new Date().toISOString(),
    settings: settingsOf(settings),
  };
}

function settingsOf({ level: toxics, lanes, perSecond, seed }: StabilitySettings): SoakFacts["settings"] {
  return { toxics, lanes, perSecond, seed, kinds: STABILITY_KINDS, injectRate: INJECT_RATE };
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
  const watched = stack.use(
    new WatchedProcess({
      command: () => host.workerCommand({ folder, origins: lanes.flatMap((lane) => lane.origins) }),
      onLost: (reason) => host.display.notice(`${reason}; it is started again`),
      onErrorText: (text) => host.display.notice(text),
    }),
  );
  for (let lane = 0; lane < settings.lanes; lane++) {
    lanes.push(stack.use(
      await StabilityLane.open({
        lane,
        folder: join(folder, `lane-${lane}`),
        seed: settings.seed,
        toxics: (seed) => stabilityToxics(settings.level, seed),
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
function describeInterval(row: SoakRow, plannedMs: number): string {
  const { interval, startMs, lengthMs, ops, failed, recovered, unrecovered, p99Ms, heapUsed } = row;
  const parts = [
    `${ops} jobs, ${failed} failed`,
    `recovered ${recovered} of ${recovered + unrecovered}`,
    ...p99Ms === null ? [] : [`p99 ${Math.round(p99Ms)} ms`],
    ...heapUsed === null ? [] : [`heap ${(heapUsed / 1e6).toFixed(1)} MB`],
  ];
  const place = `${formatDuration(startMs + lengthMs)} of ${formatDuration(plannedMs)}`;
  return `${interval + 1} at ${place}: ${parts.join(", ")}`;
}
