import { join } from "node:path";
import { type DiskUsage, diskUsage, existingFolder } from "../../base/mod.ts";
import { judgeRuns, readRuns, type RunsVerdict, stateFolder } from "../../library/mod.ts";
import { type ActiveProcess, readActive } from "./read_active.ts";
import { DiskTrend } from "./disk_trend.ts";
import type { ReserveReached } from "../../status/mod.ts";
import { judgeReserve } from "./judge_reserve.ts";

/** What the records of runs and the disk say about a library. */
export interface LibraryOutlook {
  /** How the last runs ended. */
  readonly runs: RunsVerdict;
  /** Usage of the library's disk; `null` if it cannot be measured. */
  readonly disk: DiskUsage | null;
  /** Bytes that downloads keep free; `null` before the first. */
  readonly reserveBytes: number | null;
  /** What the disk has no room for; `null` if it has room. */
  readonly reserveReached: ReserveReached | null;
  /** Seconds until the disk is at its reserve; `null` if it does not fill, or is there already. */
  readonly fullInSeconds: number | null;
}

/** Observes one library over time: how its runs ended, and whether its disk fills. */
export class LibraryObserver {
  readonly #root: string;
  readonly #trend = new DiskTrend();
  /** Bytes that each process had at the last look, by its id, and what all of them have written since the first. */
  #present: ReadonlyMap<number, number> = new Map();
  #ownBytes = 0;
  #runs: { readonly stamp: string; readonly verdict: RunsVerdict } | undefined;
  #last: LibraryOutlook | undefined;

  /** What the last look found; `undefined` before the first. */
  get last(): LibraryOutlook | undefined {
    return this.#last;
  }

  /** Observe a library, which need not exist yet. */
  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Look at the library. Nothing is written.
   *
   * @param now Milliseconds since the epoch
   */
  async observe(now: number): Promise<LibraryOutlook> {
    return this.#last = await this.#look(now);
  }

  async #look(now: number): Promise<LibraryOutlook> {
    const state = stateFolder(this.#root);
    const runs = await this.#judgeRuns(state);
    const processes = await readActive(join(state, "active"), { now });
    const disk = await diskUsage(await existingFolder(this.#root)).catch(() => null);
    const { reserveBytes } = runs;
    if (disk === null || reserveBytes === null) {
      return { runs, disk, reserveBytes, reserveReached: null, fullInSeconds: null };
    }
    this.#addOwn(processes);
    this.#trend.add({ at: now, freeBytes: disk.freeBytes, ownBytes: this.#ownBytes });
    const plannedBytes = processes.reduce(
      (sum, { run }) => sum + Math.max(0, (run?.bytes ?? 0) - (run?.doneBytes ?? 0)),
      0,
    );
    const reserveReached = judgeReserve(runs, { freeBytes: disk.freeBytes, reserveBytes });
    // A disk at its reserve needs no forecast of it.
    const fullInSeconds = reserveReached === null ? this.#trend.secondsUntil({ reserveBytes, plannedBytes }) : null;
    return { runs, disk, reserveBytes, reserveReached, fullInSeconds };
  }

  /** Read the runs again only if there is news, or one is under way, which may be killed without a word. */
  async #judgeRuns(state: string): Promise<RunsVerdict> {
    const stamp = await Deno.stat(join(state, "runs.jsonl")).then(({ size, mtime }) => `${size} ${mtime}`, () => "");
    if (this.#runs?.stamp !== stamp || this.#runs.verdict.running !== null) {
      this.#runs = { stamp, verdict: judgeRuns(await readRuns(state)) };
    }
    return this.#runs.verdict;
  }

  #addOwn(processes: readonly ActiveProcess[]): void {
    const present = new Map(processes.map(({ pid, run }) => [pid, run?.doneBytes ?? 0] as const));
    for (const [pid, bytes] of present) {
      this.#ownBytes += Math.max(0, bytes - (this.#present.get(pid) ?? bytes));
    }
    this.#present = present;
  }
}
