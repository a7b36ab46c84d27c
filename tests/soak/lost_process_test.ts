import { assert, assertEquals } from "@std/assert";
import { type OwnMemory, runSoak, WatchedProcess } from "../../lib/soak/mod.ts";
import { childCommand } from "./_start_child.ts";

Deno.test("runSoak() over a process that is killed in the middle counts it, starts it again, and fails the run", async () => {
  await using watched = new WatchedProcess({ command: childCommand });
  const report = await runSoak({
    ...{ plannedMs: 2500, intervalMs: 500, perSecond: 20, lanes: 1, probeMs: 100 },
    async work(job, { signal, beat }) {
      const isVictim = job.index === 20;
      const kill = () => void (isVictim && Deno.kill(watched.pid!, "SIGKILL"));
      await watched.work({ how: isVictim ? "hang" : "wave" }, { signal, beat: (state) => (beat(state), kill()) });
    },
    probe: async () => ({ ...await watched.probe() as OwnMemory, handles: null, timers: null, loopLagMs: null }),
    restarts: () => watched.restarts,
    claims: ["restarts", "success_rate"],
  });
  assertEquals([report.restarts, report.errorsByClass], [1, { LostProcess: 1 }]);
  assertEquals(report.failures, ["20-work: The process ended with SIGKILL"]);
  assertEquals([report.totals.failed, report.verdict], [1, "fail"]);
  assert(report.totals.ok >= 40, `${report.totals.ok}`);
  assertEquals(report.generations.length, 2);
});
