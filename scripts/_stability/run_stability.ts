import { join } from "node:path";
import { formatDuration } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import {
  CLAIM_IDS,
  type ClaimId,
  openSoakFiles,
  type OwnMemory,
  ProcessLooker,
  resumeSoak,
  runSoak,
  type SoakEvent,
  type SoakEvidence,
  type SoakFacts,
  type SoakProbe,
  type SoakRow,
  WatchedProcess,
} from "../../lib/soak/mod.ts";
import { bypassProxy } from "../_bypass_proxy.ts";
import { childCommand } from "../_child.ts";
import { describeOwnCheckout } from "../_own_checkout.ts";
import { deadlockWords } from "./deadlock_words.ts";
import { resumedWish } from "./resumed_wish.ts";
import { type SavedStability, saveStability } from "./save_stability.ts";
import { STABILITY_KINDS, type StabilityAnswer } from "./stability_job.ts";
import { StabilityLane } from "./stability_lane.ts";
import { stabilityToxics, type ToxicLevel } from "./stability_toxics.ts";
import { thisMachine } from "../_this_machine.ts";
import { thisProgram } from "../_this_program.ts";
import { openWorkFolder } from "./work_folder.ts";

/** What a stability run is to do. */
export interface StabilityWish {
  /** The report. */
  readonly path: string;
  /** Whether the report is there, and to be gone on with. */
  readonly isResumed: boolean;
  /** Whether a flag was given; if not, a run that goes on does as its report says. */
  readonly isGiven: (flag: string) => boolean;
  readonly plannedMs: number;
  readonly intervalMs: number;
  readonly perSecond: number;
  readonly lanes: number;
  readonly seed: number;
  readonly level: ToxicLevel;
  readonly abortOn: readonly ClaimId[];
  readonly delayAbortMs: number;
  readonly workFolder: string | undefined;
}

/** Two hours long the heap was seen to gain up to 1.3 MiB in its first half hour, and nothing after it. */
const WARM_UP = { forMs: 3_600_000, growthBytes: 2 << 20 };
/** Part of the jobs with faults; the others show what they cost. */
const INJECT_RATE = 0.7;

/** Run, or go on running, and write everything down. */
export async function runStability(context: CommandContext, asked: StabilityWish): Promise<SavedStability> {
  bypassProxy();
  const facts = await describeRun(asked);
  const resume = (text: string): SoakEvidence => {
    const wish = resumedWish(asked, text);
    return resumeSoak(text, { ...facts, settings: settingsOf(wish), plannedMs: wish.plannedMs });
  };
  using files = await openSoakFiles(asked.path, facts, asked.isResumed ? { resume } : {});
  const { resumed } = files;
  const wish = resumed === null ? asked : resumedWish(asked, JSON.stringify(resumed));
  const { level, lanes, seed, perSecond, plannedMs } = wish;
  await using stack = new AsyncDisposableStack();
  const { path: folder } = stack.use(await openWorkFolder(wish.workFolder));
  const bench = await openBench(wish, folder, stack, context);
  const report = await runSoak({
    plannedMs,
    intervalMs: wish.intervalMs,
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
    // Without faults there is nothing to recover from.
    claims: CLAIM_IDS.filter((id) => level !== "none" || id !== "recovery_rate"),
    abortOn: wish.abortOn,
    delayAbortMs: wish.delayAbortMs,
    drainMs: 60_000,
    signal: context.signal,
    resume: resumed === null ? undefined : { report: resumed, endedAt: resumed.endedAt },
    async onInterval(row, current) {
      context.display.log(rowWords(row));
      await files.write(row, current());
    },
    onEvent: (event) => tell(context, event),
  });
  return await saveStability(files, report);
}

async function describeRun(wish: StabilityWish): Promise<SoakFacts> {
  return {
    schema: "civitai-dl/stability",
    version: 1,
    tool: thisProgram(),
    machine: thisMachine(),
    commit: await describeOwnCheckout(),
    startedAt: new Date().toISOString(),
    settings: settingsOf(wish),
  };
}

function settingsOf({ level: toxics, lanes, perSecond, seed }: StabilityWish): SoakFacts["settings"] {
  return { toxics, lanes, perSecond, seed, kinds: STABILITY_KINDS, injectRate: INJECT_RATE };
}

/** The lanes and the process under test. */
async function openBench(wish: StabilityWish, folder: string, stack: AsyncDisposableStack, context: CommandContext) {
  const lanes: StabilityLane[] = [];
  const looker = stack.use(new ProcessLooker());
  const watched = stack.use(
    new WatchedProcess({
      command: () =>
        childCommand(["stability-worker"], {
          folder,
          env: {},
          isWorker: true,
          origins: lanes.flatMap((lane) => lane.origins),
        }),
      onLost: (reason) => context.display.notice(`${reason}; it is started again`),
    }),
  );
  for (let lane = 0; lane < wish.lanes; lane++) {
    lanes.push(stack.use(
      await StabilityLane.open({
        lane,
        folder: join(folder, `lane-${lane}`),
        seed: wish.seed,
        toxics: (seed) => stabilityToxics(wish.level, seed),
        hand: async (job, { signal, beat }) => await watched.work(job, { signal, beat }) as StabilityAnswer,
      }),
    ));
  }
  return {
    watched,
    work: (...[job, about]: Parameters<StabilityLane["work"]>) => lanes[job.lane]!.work(job, about),
    async probe(): Promise<SoakProbe | null> {
      const own = await watched.probe() as OwnMemory & Pick<SoakProbe, "loopLagMs" | "timers">;
      const look = watched.pid === null ? null : await looker.look(watched.pid);
      return { ...own, rss: look?.rss ?? own.rss, handles: look?.handles ?? null };
    },
    async dump(): Promise<string | null> {
      const look = watched.pid === null ? null : await looker.look(watched.pid);
      return look === null
        ? null
        : `process ${watched.pid}: ${look.rss} bytes resident, ${look.handles} files and sockets`;
    },
  };
}

function tell({ display }: CommandContext, event: SoakEvent): void {
  if (event.type === "result") {
    const { failures = 0, mismatches = 0 } = event.result;
    if (failures + mismatches > 0) display.detail(`${event.job.id}: ${failures} failed, ${mismatches} wrong`);
  } else if (event.type === "gap") {
    const { kind, lengthMs } = event.gap;
    display.notice(`Gap: ${kind}, ${lengthMs < 0 ? "-" : ""}${formatDuration(Math.abs(lengthMs))}`);
  } else if (event.type === "deadlock") {
    display.notice(`Deadlock: ${deadlockWords(event.deadlock)}`);
  } else if (event.type === "unwritten") display.notice(`warning: Cannot write the report: ${event.reason}`);
}

/** `12 at 3m 00s: 60 jobs, 2 failed, 41 faults recovered of 41, p99 2310 ms, 12.3 MB heap`. */
function rowWords(row: SoakRow): string {
  const { interval, startMs, lengthMs, ops, failed, recovered, unrecovered, p99Ms, heapUsed } = row;
  const parts = [
    `${ops} jobs, ${failed} failed`,
    `recovered ${recovered} of ${recovered + unrecovered}`,
    ...p99Ms === null ? [] : [`p99 ${Math.round(p99Ms)} ms`],
    ...heapUsed === null ? [] : [`heap ${(heapUsed / 1e6).toFixed(1)} MB`],
  ];
  return `${interval + 1} at ${formatDuration(startMs + lengthMs)}: ${parts.join(", ")}`;
}
