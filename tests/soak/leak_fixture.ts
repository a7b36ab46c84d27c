import {
  type ClaimId,
  type OwnMemory,
  ProcessMeter,
  runSoak,
  type SoakReport,
  WatchedProcess,
} from "../../lib/soak/mod.ts";
import { childCommand } from "./_start_child.ts";

/** The repeated work of a process under test. */
export interface LeakFixture {
  /** See `_child.ts`. */
  readonly how: "keep" | "drop" | "buffers" | "open";
  readonly amount: number;
  /** Duration; until the number of samples if absent. */
  readonly seconds?: number;
  /** Number of samples, however long they take on a busy machine. */
  readonly looks?: number;
}

/** Run a real process for a while and judge it; each claim is judged, even if the samples already suffice. */
export async function runLeakFixture(
  fixture: LeakFixture,
): Promise<{ readonly report: SoakReport; readonly verdicts: Partial<Record<ClaimId, string>> }> {
  const { how, amount, seconds = 300, looks = Infinity } = fixture;
  const enough = new AbortController();
  let seen = 0;
  await using watched = new WatchedProcess({ command: childCommand });
  await using looker = new ProcessMeter();
  // The start of the process is not watched.
  await watched.work({ how: "wave" });
  const report = await runSoak({
    plannedMs: seconds * 1000,
    intervalMs: seconds * 1000,
    perSecond: 30,
    lanes: 2,
    probeMs: looks === Infinity ? Math.max(1000, seconds * 10) : 80,
    signal: enough.signal,
    work: async (_job, { signal, beat }) => void await watched.work({ how, amount }, { signal, beat }),
    async probe() {
      if (++seen > looks) enough.abort(new Error("enough looks"));
      const own = await watched.probe() as OwnMemory & { readonly loopLagMs: number | null };
      const look = await looker.measure(watched.pid!);
      return { ...own, handles: look?.handles ?? null, timers: null };
    },
    claims: ["leak_heap", "leak_external", "leak_handles"],
  });
  return { report, verdicts: Object.fromEntries(report.claims.map(({ id, verdict }) => [id, verdict])) };
}
