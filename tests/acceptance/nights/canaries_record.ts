/**
 * Downloads libraries of files of 20 KB to 200 MB with a rollout, in real processes on one and on two processors, and
 * writes what their rollouts measured to `_canary_speeds.jsonl`, which `canaries.ts` replays.
 * Takes half an hour and 20 GB on the disk of the working folder:
 * `deno run -q -P=acceptance tests/acceptance/nights/canaries_record.ts [--rounds 2]`
 *
 * @module
 */
import { numberFlag, tellProgress } from "../_flag.ts";
import { type CanaryRun, type RecordedRun, runCanary, writeRecords } from "./_canary_runs.ts";

const LIBRARIES: readonly Omit<CanaryRun, "cores">[] = [
  { size: "20K", files: 300, share: 10 },
  { size: "20K", files: 300, share: 50 },
  { size: "2M", files: 120, share: 50 },
  { size: "20M", files: 200, share: 10 },
  { size: "20M", files: 100, share: 50 },
  { size: "20M", files: 100, share: 50, line: "20M" },
  { size: "200M", files: 40, share: 50 },
  { size: "200M", files: 24, share: 50, line: "40M" },
];

if (import.meta.main) {
  const records: RecordedRun[] = [];
  for (let round = 0; round < numberFlag("rounds", 2); round++) {
    for (const cores of [1, 2]) {
      for (const library of LIBRARIES) {
        const run = { ...library, cores };
        const folder = await Deno.makeTempDir({ dir: ".", prefix: ".canaries-" });
        try {
          const { canary, baseline, failures, speed } = await runCanary(folder, run);
          records.push({ ...run, canary, baseline, failures, ratios: speed.ratios });
        } finally {
          await Deno.remove(folder, { recursive: true });
        }
        tellProgress(JSON.stringify(records.at(-1)));
        await writeRecords(records);
      }
    }
  }
}
