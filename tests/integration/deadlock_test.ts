import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { parseToxic } from "../../lib/sandbox/mod.ts";
import { runSoak, type SoakReport } from "../../lib/soak/mod.ts";
import { StabilityLane } from "../../lib/stability/stability_lane.ts";
import { doStabilityJob } from "../../lib/stability/work/do_stability_job.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

/** Time without progress after which a job counts as stalled. */
const DEADLOCK_MS = 8000;

/** Time that a busy machine may take to fetch a file. */
const PATIENCE_MS = 120_000;

/**
 * Download from a storage that never answers two requests for each file, until an affected file has been fetched
 * anyway.
 */
async function soakSilence(
  folder: string,
  { silentMs, deadlockMs }: { readonly silentMs: number; readonly deadlockMs: number },
): Promise<{ readonly report: SoakReport; readonly hasCome: boolean }> {
  const tried = new Set<string>();
  const come = new AbortController();
  const look = (state = ""): void => {
    const [, event, path] = /^(retry|end) (.*)$/.exec(state) ?? [];
    if (path === undefined) return;
    if (event === "retry") tried.add(path);
    else if (tried.has(path)) come.abort();
  };
  await using lane = await StabilityLane.open({
    folder,
    seed: 1,
    silentMs,
    toxics: () => [parseToxic("stall:0,on=storage,first=2")],
    hand(job, context) {
      const beat = (state?: string): void => {
        look(state);
        context.beat(state);
      };
      return doStabilityJob(job, { ...context, beat });
    },
  });
  const report = await runSoak({
    plannedMs: 2 * PATIENCE_MS,
    intervalMs: 2 * PATIENCE_MS,
    perSecond: 0.001,
    kinds: ["download:parallel"],
    injectRate: 1,
    deadlockMs,
    drainMs: 100,
    claims: ["deadlocks"],
    abortOn: ["deadlocks"],
    work: (job, context) => lane.work(job, context),
    signal: AbortSignal.any([come.signal, AbortSignal.timeout(PATIENCE_MS)]),
  });
  return { report, hasCome: come.signal.aborted };
}

Deno.test("stability reports a deadlock if an engine has no time limits and the server never responds, and none otherwise", () =>
  inTempDir(async (folder) => {
    const [stuck, patient] = await Promise.all([
      soakSilence(join(folder, "a"), { silentMs: 600_000, deadlockMs: DEADLOCK_MS }),
      soakSilence(join(folder, "b"), { silentMs: 400, deadlockMs: PATIENCE_MS }),
    ]);
    const { deadlockCount, end, deadlocks: [deadlock] } = stuck.report;
    assertEquals([stuck.hasCome, deadlockCount, end], [false, 1, { type: "claim", claim: "deadlocks" }]);
    assertEquals(deadlock!.id, "0-download:parallel");
    assert(deadlock!.jobs[0]!.state !== "begun", JSON.stringify(deadlock));
    assertEquals([patient.hasCome, patient.report.deadlockCount], [true, 0], JSON.stringify(patient.report.deadlocks));
  }));
