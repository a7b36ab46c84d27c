import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import type { SandboxExchange } from "../../lib/sandbox/mod.ts";
import { StabilityLane } from "../../lib/stability/stability_lane.ts";
import { stabilityToxics } from "../../lib/stability/work/stability_toxics.ts";
import { doStabilityJob } from "../../lib/stability/work/do_stability_job.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

/** Faults that only take time. */
const SLOW: readonly string[] = ["bandwidth", "slowBody", "trickle"];

/** Do downloads with the seeds in a lane, and list what the sandbox did in the last one. */
async function exchangesOfLast(folder: string, seeds: readonly number[]): Promise<readonly string[]> {
  const exchanges: SandboxExchange[] = [];
  await using lane = await StabilityLane.open({
    folder,
    seed: 1,
    silentMs: 3000,
    toxics: (seed) => stabilityToxics("mild", seed).filter(({ type }) => !SLOW.includes(type)),
    hand: (job, context) => doStabilityJob({ ...job, haste: 10 }, context),
    onExchange: (exchange) => void exchanges.push(exchange),
  });
  for (const [index, seed] of seeds.entries()) {
    exchanges.length = 0;
    const job = { index, id: String(index), kind: "download:resilient", lane: 0, isInjected: true, seed };
    await lane.work(job, { signal: new AbortController().signal, beat: () => {} });
  }
  return exchanges.map(({ route, item, status, toxics }) => JSON.stringify({ route, item, status, toxics })).toSorted();
}

Deno.test("a download of stability that is repeated has the same requests and faults, whatever its lane did before", () =>
  inTempDir(async (folder) => {
    const [alone, after] = await Promise.all([
      exchangesOfLast(join(folder, "a"), [6]),
      exchangesOfLast(join(folder, "b"), [3, 6]),
    ]);
    assert(alone!.filter((exchange) => !exchange.includes('"toxics":[]')).length > 10, alone!.join("\n"));
    assertEquals(after, alone);
  }));
