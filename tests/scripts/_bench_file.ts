import { join } from "node:path";
import type { MeasuredBenchmark } from "../../lib/bench/mod.ts";
import { type BenchDocument, COMPARE_SCHEMA } from "../../lib/bench/document/bench_document.ts";

/** A benchmark of twenty runs around the given seconds, half a percent apart. */
export function steady(name: string, seconds: number): MeasuredBenchmark {
  const samples = Array.from({ length: 20 }, (_, index) => seconds * (1 + (index * 7 % 20) * 0.0005));
  return { name, unit: "seconds", isExact: false, samples, again: [], problem: null };
}

/** Write a report of benchmarks, like another session. */
export async function writeBenchFile(
  folder: string,
  name: string,
  benchmarks: readonly MeasuredBenchmark[],
  more: Partial<BenchDocument> = {},
): Promise<string> {
  const path = join(folder, name);
  const document: BenchDocument = {
    schema: COMPARE_SCHEMA,
    version: 1,
    seed: null,
    plannedMs: 0,
    actualMs: 1000,
    margin: 0.05,
    command: null,
    tool: { name: "civitai-dl", version: "1.0.0", deno: "2.9.6", v8: "15.0" },
    commit: { sha: "1".repeat(40), isDirty: false, ref: "main" },
    machine: { cpu: "one", cores: 2, memoryBytes: 2 ** 34, kernel: "linux 6", arch: "x86_64" },
    startedAt: "2026-11-01T10:00:00.000Z",
    endedAt: "2026-11-01T10:30:00.000Z",
    baseline: { name: "v1", sha: "0".repeat(40) },
    target: { name: "main", sha: "1".repeat(40) },
    benchmarks,
    baselineBenchmarks: benchmarks,
    order: [],
    notes: [],
    ...more,
  };
  await Deno.writeTextFile(path, JSON.stringify(document));
  return path;
}
