import { type ConcurrencyJob, doConcurrencyJob } from "../lib/stability/mod.ts";
import { defineCommand } from "../lib/cli/mod.ts";
import { probeMemory, serveWork } from "../lib/soak/mod.ts";
import { runScript } from "./_frame/run_script.ts";

/** The `concurrency-worker` command: a process under test, which reads its job from standard input. */
export const command = defineCommand({
  name: "concurrency-worker",
  group: "Maintenance",
  summary: "A process that concurrency-test watches; reads its job from standard input",
  hidden: true,
  async run() {
    await serveWork({ work: (job, context) => doConcurrencyJob(job as ConcurrencyJob, context), probe: probeMemory });
  },
});

if (import.meta.main) await runScript(command);
