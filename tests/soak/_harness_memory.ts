import { probeMemory, runSoak } from "../../lib/soak/mod.ts";
import { EventClock } from "../helpers/event_clock.ts";

const INTERVALS = 6000;
/** By then every bounded buffer is full. */
const FROM = 1000;

/** Print how many bytes the harness's own heap grows over five thousand intervals of six jobs each. */
if (import.meta.main) {
  const clock = new EventClock();
  const heaps: number[] = [];
  let looks = 0;
  const running = runSoak({
    plannedMs: INTERVALS * 2000,
    intervalMs: 2000,
    perSecond: 3,
    lanes: 2,
    probeMs: 2000,
    injectRate: 0.2,
    // One of each kind: to judge all of them in each interval would take most of the time.
    claims: ["success_rate", "deadlocks", "leak_heap"],
    clock,
    work: async (job) => {
      await clock.sleep(100 + job.index % 700);
      if (job.index % 97 === 0) throw new Error(`failure ${job.index}`);
      return { bytes: job.index, faults: job.index % 2, errors: { [`class ${job.index % 200}`]: 0 } };
    },
    probe: () => {
      looks++;
      return Promise.resolve({ heapUsed: 1e7 + looks, external: looks, rss: 1, handles: 20, timers: 1, loopLagMs: 1 });
    },
    async onInterval({ interval }) {
      if (interval === FROM || interval === INTERVALS - 1) heaps.push((await probeMemory()).heapUsed);
    },
  });
  let isOver = false;
  running.then(() => isOver = true);
  while (!isOver) await clock.run();
  await Deno.stdout.write(new TextEncoder().encode(`${heaps[1]! - heaps[0]!}\n`));
}
