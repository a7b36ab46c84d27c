import { defineCommand } from "../lib/cli/mod.ts";
import { LoopLag, probeMemory, serveWork } from "../lib/soak/mod.ts";
import { CountedClock, doStabilityJob, type StabilityJob } from "../lib/stability/mod.ts";
import { runScript } from "./_frame/run_script.ts";

/** The `stability-worker` command: the process under test, which reads jobs from standard input until it ends. */
export const command = defineCommand({
  name: "stability-worker",
  group: "Maintenance",
  summary: "The process that stability watches; reads its jobs from standard input",
  hidden: true,
  async run() {
    using lag = new LoopLag();
    const clock = new CountedClock();
    await serveWork({
      work: (job, context) => doStabilityJob(job as StabilityJob, { ...context, clock }),
      probe: async () => ({ ...await probeMemory(), loopLagMs: lag.take(), timers: clock.sleeping }),
    });
  },
});

if (import.meta.main) await runScript(command);
