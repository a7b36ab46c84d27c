import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { parseToxic } from "../../lib/sandbox/mod.ts";
import type { SoakObservations } from "../../lib/soak/facts/soak_work.ts";
import { doStabilityJob } from "../../lib/stability/work/do_stability_job.ts";
import { StabilityLane } from "../../lib/stability/stability_lane.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const SILENT_MS = 800;
/** The first request for many files and images hangs, before its headers or in its body, or trickles. */
const TOXICS = [
  "silence,on=storage+image,rate=0.25,first=1",
  "stall,on=storage+image,rate=0.3,first=1",
  "trickle:16,on=storage+image,rate=0.15,first=1,forMs=3s",
];

Deno.test("100 files arrive although servers fall silent and lines are slow, and each engine cuts both in time", () =>
  inTempDir(async (folder) => {
    // Each catalog has 30 files and images that can be had; an engine has a catalog and a lane.
    const results = await Promise.all(["stable", "resilient", "parallel", "turbo"].map(async (engine, lane) => {
      const seen = { silences: 0, lateCuts: 0, slowLines: 0 };
      const observe = (one: SoakObservations): void => {
        for (const name of ["silences", "lateCuts", "slowLines"] as const) seen[name] += one[name] ?? 0;
      };
      await using own = await StabilityLane.open({
        folder: join(folder, engine),
        seed: 5,
        silentMs: SILENT_MS,
        toxics: (seed) => TOXICS.map((text) => ({ ...parseToxic(text), seed })),
        hand: doStabilityJob,
      });
      const job = { index: 0, id: engine, kind: `download:${engine}`, lane, isInjected: true, seed: lane };
      const result = await own.work(job, { signal: new AbortController().signal, beat: () => {}, observe });
      return { engine, ...seen, ...result };
    }));
    const sum = (name: "attempts" | "failures" | "timeouts" | "missing" | "mismatches" | "silences" | "slowLines") =>
      results.reduce((total, result) => total + (result[name] ?? 0), 0);
    const about = JSON.stringify(results);
    assert(sum("attempts") >= 100, about);
    assertEquals([sum("failures"), sum("timeouts"), sum("missing"), sum("mismatches")], [0, 0, 0, 0], about);
    // Slow lines are among the silences; stable waits for them.
    assert(sum("silences") >= 25 && sum("slowLines") >= 3, about);
    // A busy machine is late with some of them, and an engine that cuts none in time with all. How many of a thousand are
    // late is judged by the rate of a long run.
    const late = results.filter(({ silences, lateCuts }) => lateCuts > silences / 2);
    assertEquals(late.map(({ engine }) => engine), [], about);
  }));
