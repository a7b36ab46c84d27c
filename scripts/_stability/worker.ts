import { defineCommand } from "../../lib/cli/mod.ts";
import { LoopLag, probeMemory, serveWork, TimerMeter } from "../../lib/soak/mod.ts";
import { doStabilityJob, type StabilityJob } from "../../lib/stability/mod.ts";
import { runScript } from "../_frame/run_script.ts";

/** The script `worker.ts`: the process under test, which reads jobs from standard input until it ends. */
export const command = defineCommand({
  name: "stability-worker",
  summary: "The process that the stability tests watch; reads its jobs from standard input",
  async run() {
    using lag = new LoopLag();
    // Before anything that may leave a timer behind; sleeps of the clock are timers too.
    using timers = new TimerMeter();
    await serveWork({
      work: (job, context) => doStabilityJob(job as StabilityJob, context),
      probe: async () => ({ ...await probeMemory(), loopLagMs: lag.take(), timers: timers.count }),
    });
  },
});

if (import.meta.main) await runScript(command);
