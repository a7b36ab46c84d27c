import { runSoak, type SoakContext, type SoakJob, type SoakReport } from "../../lib/soak/mod.ts";
import type { SoakOptions } from "../../lib/soak/soak_options.ts";
import { EventClock } from "../helpers/event_clock.ts";

/** Options of a run; its jobs receive the clock. */
export type SoakTest = Omit<SoakOptions, "clock" | "work"> & {
  readonly work: (
    job: SoakJob,
    context: SoakContext & { readonly clock: EventClock },
  ) => ReturnType<SoakOptions["work"]>;
};

/** Run on a simulated clock. */
export async function soak(
  options: SoakTest,
  during: (clock: EventClock) => Promise<void> = () => Promise.resolve(),
): Promise<SoakReport> {
  const clock = new EventClock();
  const report = runSoak({ ...options, clock, work: (job, context) => options.work(job, { ...context, clock }) });
  report.catch(() => {});
  await during(clock);
  await clock.run();
  return await report;
}
