import type { FixtureRepository } from "./fixture_repository.ts";

/** Amount of work of the two benchmarked functions. */
export interface BenchWork {
  readonly hash: number;
  readonly parse: number;
}

/** Commit two functions and a bench file for them; few iterations, so that a run is short. */
export async function commitBenches(repository: FixtureRepository, work: BenchWork): Promise<string> {
  await repository.write(
    "lib.ts",
    `export function hash() { let h = 0; for (let i = 0; i < ${work.hash}; i++) h = (h * 31 + i) | 0; return h; }
export function parse() { let s = 0; for (let i = 0; i < ${work.parse}; i++) s += Math.sqrt(i); return s; }
`,
  );
  await repository.write(
    "benchmarks/work_bench.ts",
    `import { hash, parse } from "../lib.ts";
Deno.bench({ name: "hash", group: "work", n: 100, warmup: 30, fn: () => void hash() });
Deno.bench({ name: "parse", group: "work", n: 100, warmup: 30, fn: () => void parse() });
`,
  );
  return await repository.commit(`hash ${work.hash}, parse ${work.parse}`);
}

/** Commit a script with known numbers that vary a little from run to run. */
export async function commitNumbers(repository: FixtureRepository, text: string): Promise<string> {
  await repository.write("bench.sh", text);
  return await repository.commit(text);
}

/** Lines of such a script with two benchmarks, `work: hash` and `work: parse`, of the given seconds. */
export function workNumbers(seconds: { readonly hash: number; readonly parse: number }): string {
  const value = (name: "hash" | "parse") =>
    `$(awk "BEGIN { printf \\"%.6f\\", ${seconds[name]} * (1 + (\${n:-0} % 997) / 100000) }")`;
  const entry = (name: "hash" | "parse") => `{\\"name\\":\\"work: ${name}\\",\\"value\\":${value(name)}}`;
  return `n=$(date +%N | sed 's/^0*//')
echo "{\\"benchmarks\\":[${entry("hash")},${entry("parse")}]}"
`;
}

/** Lines of such a script: `seconds` with a percent of noise, seeded by the clock, and a count. */
export function numbers(seconds: number, hits = 3): string {
  return `n=$(date +%N | sed 's/^0*//'); s=$(awk "BEGIN { printf \\"%.6f\\", ${seconds} * (1 + (\${n:-0} % 1000) / 100000) }")
echo "{\\"benchmarks\\":[{\\"name\\":\\"fetch\\",\\"value\\":$s},{\\"name\\":\\"hits\\",\\"unit\\":\\"count\\",\\"isExact\\":true,\\"value\\":${hits}}]}"
`;
}
