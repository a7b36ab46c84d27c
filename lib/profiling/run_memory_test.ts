import { writeHeapSnapshot } from "node:v8";
import { join } from "node:path";
import { type Clock, systemClock } from "../base/mod.ts";
import { judgeLeak, type LeakJudgement, MemoryProbe, type OwnMemory } from "../soak/mod.ts";

/** Options of {@linkcode runMemoryTest}. */
export interface MemoryTestOptions {
  /** Do the work once; `repetition` begins with 1. */
  readonly work: (repetition: number, signal: AbortSignal) => Promise<void>;
  /** Number of repetitions; with `durationMs`, the largest number. */
  readonly repetitions: number;
  /** Time after which no repetition begins; it may leave too few for a verdict. */
  readonly durationMs?: number | undefined;
  /** Folder for three heap snapshots, which must exist; none are written if absent. */
  readonly folder?: string | undefined;
  /** Ends the test after the repetition under way. */
  readonly signal: AbortSignal;
  /** Receives the memory after each repetition. */
  readonly onRepetition?: ((repetition: number, memory: OwnMemory) => void) | undefined;
  /**
   * Measures this process after its garbage was collected.
   *
   * @default {MemoryProbe}
   */
  readonly probe?: (() => Promise<OwnMemory>) | undefined;
  /**
   * Writes a heap snapshot to a file and returns its path.
   *
   * @default {writeHeapSnapshot}
   */
  readonly writeSnapshot?: ((path: string) => string) | undefined;
  /**
   * Time source.
   *
   * @default {systemClock}
   */
  readonly clock?: Pick<Clock, "now"> | undefined;
}

/** Result of {@linkcode runMemoryTest}. */
export interface MemoryTestResult {
  /** `inconclusive` if there were too few repetitions, or growth that may be warm-up. */
  readonly verdict: "pass" | "fail" | "inconclusive";
  /** Number of repetitions that were done. */
  readonly repetitions: number;
  /** Time that they took. */
  readonly durationMs: number;
  /** Judgment on the heap. */
  readonly heap: LeakJudgement;
  /** Judgment on memory outside of the heap that objects hold, such as buffers. */
  readonly external: LeakJudgement;
  /** Memory after each repetition: milliseconds since the start, and bytes. */
  readonly points: readonly (OwnMemory & { readonly atMs: number })[];
  /** Paths of the snapshots, which Chrome DevTools can load and compare. */
  readonly snapshots: readonly string[];
}

/** Shares of the run at which snapshots are taken: after the warm-up, where the judged half begins, and at the end. */
const SNAPSHOTS_AT = [0.2, 0.6];
/** As in the soak: caches fill for half an hour, by up to 1.3 MiB. */
const WARM_UP = { forMs: 1_800_000, growthBytes: 2 << 20 };

/**
 * Repeat work in this process, and judge whether it keeps memory. The memory after each repetition is judged by the
 * rule of the soak tests; three heap snapshots, compared in Chrome DevTools, show what grows and what keeps it.
 */
export async function runMemoryTest(options: MemoryTestOptions): Promise<MemoryTestResult> {
  const { work, repetitions, durationMs = Infinity, folder, signal, onRepetition } = options;
  // It stays open until the last snapshot, so that V8 keeps the ids of objects, by which snapshots are compared.
  using own = options.probe === undefined ? new MemoryProbe() : null;
  const { probe = () => own!.measure(), writeSnapshot = writeHeapSnapshot, clock = systemClock } = options;
  const start = clock.now();
  const points: (OwnMemory & { readonly atMs: number })[] = [];
  const snapshots: string[] = [];
  const snapshot = () => {
    if (folder === undefined) return;
    const path = join(folder, `${snapshots.length + 1}.heapsnapshot`);
    snapshots.push(writeSnapshot(path));
  };
  const spent = () => clock.now() - start;
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    if (signal.aborted || spent() >= durationMs) break;
    try {
      await work(repetition, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    // The last repetition was cut short, so its memory says nothing.
    if (signal.aborted) break;
    const memory = await probe();
    points.push({ ...memory, atMs: spent() });
    onRepetition?.(repetition, memory);
    const done = Math.max(repetition / repetitions, spent() / durationMs);
    const next = SNAPSHOTS_AT[snapshots.length];
    if (next !== undefined && done >= next) snapshot();
  }
  const heap = judgeLeak(points.map(({ atMs, heapUsed }) => [atMs, heapUsed]), { warmUp: WARM_UP });
  const external = judgeLeak(points.map(({ atMs, external }) => [atMs, external]), { warmUp: WARM_UP });
  const judgements = [heap.isLeak, external.isLeak];
  const undecided = judgements.includes(null) ? "inconclusive" : "pass";
  const verdict = judgements.includes(true) ? "fail" : undecided;
  const time = spent();
  if (points.length > 0) snapshot();
  return { verdict, repetitions: points.length, durationMs: time, heap, external, points, snapshots };
}
