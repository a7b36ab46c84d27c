import { runSoak, type SoakEvidence, type SoakFacts } from "../../../lib/soak/mod.ts";
import { EventClock } from "../event_clock.ts";

/** Facts of an invented machine. */
export const SAMPLE_FACTS: SoakFacts = {
  schema: "civitai-dl/stability",
  version: 1,
  tool: { name: "civitai-dl", version: "1.0.0", deno: "2.9.6", v8: "15.0" },
  commit: { sha: "a".repeat(40), isDirty: false, ref: "main" },
  machine: { cpu: "any", cores: 2, memoryBytes: 2 ** 32, kernel: "linux 6.1", arch: "x86_64" },
  startedAt: "2026-01-01T00:00:00.000Z",
  settings: { toxics: "mild" },
};

/** The report of five seconds without failures. */
export async function sampleEvidence(): Promise<SoakEvidence> {
  const clock = new EventClock();
  const running = runSoak({ plannedMs: 5000, intervalMs: 2000, clock, work: () => Promise.resolve({ faults: 1 }) });
  await clock.run();
  const report = await running;
  return { ...SAMPLE_FACTS, ...report, endedAt: report.sittings[0]!.endedAt };
}
