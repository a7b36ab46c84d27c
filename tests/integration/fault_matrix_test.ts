import { assert, assertEquals } from "@std/assert";
import { walk } from "@std/fs";
import { join } from "node:path";
import { parseToxic, type SandboxExchange } from "../../lib/sandbox/mod.ts";
import { doStabilityJob } from "../../lib/stability/work/do_stability_job.ts";
import { StabilityLane } from "../../lib/stability/stability_lane.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

/** The first request for each resource is hit, so that a retry can succeed. */
const MATRIX: readonly (readonly [name: string, toxics: readonly string[], engine: string])[] = [
  ["latency and jitter", ["latency:30ms,first=1", "jitter:50ms,first=1"], "turbo"],
  ["bandwidth", ["bandwidth:4M,on=storage,first=1"], "parallel"],
  ["black hole", ["stall:0,on=storage,first=1"], "parallel"],
  ["silent headers", ["silence,on=storage+image,first=1"], "turbo"],
  ["silent headers of the API", ["silence,on=download,first=1"], "turbo"],
  ["a slow line", ["trickle:64,on=storage,first=1,forMs=3s"], "parallel"],
  ["silence in the middle", ["stall,on=storage,first=1"], "turbo"],
  ["reset in mid-body", ["reset,on=storage,first=1"], "turbo"],
  ["reset in mid-body, one after another", ["reset,on=storage,first=1"], "stable"],
  ["truncated body with its right length", ["truncate,on=storage,first=1"], "parallel"],
  ["slices", ["slowBody:3ms,on=storage,first=1"], "resilient"],
  ["429 with Retry-After", ["throttle,on=download,first=1"], "turbo"],
  ["bursts of 500", ["serverError:500,on=download,first=2"], "turbo"],
  ["bursts of 503", ["serverError:503,on=storage,first=1"], "parallel"],
  ["another ETag at the resume", ["reset:1000,on=storage,first=1", "changedEtag,on=storage,first=3"], "resilient"],
  ["a corrupt byte", ["corrupt,on=storage,first=1"], "turbo"],
  ["wrong ranges", ["reset:1000,on=storage,first=1", "wrongRange,on=storage,first=2"], "parallel"],
  ["redirects to expired URLs", ["expiredUrl,on=storage,first=1"], "turbo"],
];

const SILENT = /^(?:stall|silence|trickle)\b/;

/** Fetch ten models through a fault and check everything; returns what is wrong. */
async function tryFault(folder: string, [name, toxics, engine]: typeof MATRIX[number]): Promise<void> {
  const exchanges: SandboxExchange[] = [];
  await using lane = await StabilityLane.open({
    folder,
    seed: 5,
    // A short limit only where something is silent: on a busy machine, a sound transfer pauses longer.
    silentMs: toxics.some((text) => SILENT.test(text)) ? 1500 : undefined,
    toxics: () => toxics.map((text) => parseToxic(text)),
    hand: doStabilityJob,
    onExchange: (exchange) => void exchanges.push(exchange),
  });
  const job = { index: 0, id: "0", kind: `download:${engine}`, lane: 0, isInjected: true, seed: 0 };
  const result = await lane.work(job, { signal: new AbortController().signal, beat: () => {} });
  const about = `${name}: ${JSON.stringify(result)}`;
  // Three of the ten models cannot be had; the others come with their images and sidecars.
  assertEquals([result.failures, result.files, result.mismatches, result.permanent], [0, 30, 0, 3], about);
  assertEquals([result.expected, result.missing], [69, 0], about);
  assertEquals(result.exchanges?.problems, [], about);
  const hits = exchanges.filter((exchange) => exchange.toxics.length > 0).length;
  assert(hits >= 6, `${about}: ${hits} hits`);
}

// Concurrent, because each waits more than it works.
Deno.test("ten downloads recover from every kind of fault with correct bytes, and both ends count the same", () =>
  inTempDir(async (folder) => {
    await Promise.all(MATRIX.map((entry, index) => tryFault(join(folder, String(index)), entry)));
  }));

Deno.test("verify adds no downloads to the rates unless a file changed", () =>
  inTempDir(async (folder) => {
    await using lane = await StabilityLane.open({
      folder,
      seed: 5,
      toxics: () => [],
      hand: doStabilityJob,
    });
    const work = (index: number, kind: string) => {
      const job = { index, id: String(index), kind, lane: 0, isInjected: false, seed: 0 };
      return lane.work(job, { signal: new AbortController().signal, beat: () => {} });
    };
    const fetched = await work(0, "download:turbo");
    assertEquals([fetched.attempts, fetched.files, fetched.missing], [30, 30, 0]);
    // Without faults, every byte is sent once.
    assertEquals(fetched.wireBytes, fetched.wantedBytes);
    const verified = await work(1, "verify");
    assertEquals([verified.attempts, verified.failures, verified.files, verified.expected], [0, 0, 30, 30]);
    const path = await firstModel(join(folder, "library-0"));
    await Deno.writeTextFile(path, "no longer what it was");
    const damaged = await work(2, "verify");
    assertEquals([damaged.attempts, damaged.failures, damaged.errors], [1, 1, { integrity: 1 }]);
  }));

async function firstModel(folder: string): Promise<string> {
  for await (const { path } of walk(folder, { exts: [".safetensors"], includeDirs: false })) return path;
  throw new Error(`no model in ${folder}`);
}
