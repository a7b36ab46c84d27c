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
  const entry = (name: "hash" | "parse") => `{\\"name\\":\\"work: ${name}\\",\\"value\\":${noisy(seconds[name])}}`;
  return `echo "{\\"benchmarks\\":[${entry("hash")},${entry("parse")}]}"\n`;
}

/** Lines of such a script: `seconds` with a percent of noise, and a count. */
export function numbers(seconds: number, hits = 3): string {
  const fetch = `{\\"name\\":\\"fetch\\",\\"value\\":${noisy(seconds)}}`;
  const count = `{\\"name\\":\\"hits\\",\\"unit\\":\\"count\\",\\"isExact\\":true,\\"value\\":${hits}}`;
  return `echo "{\\"benchmarks\\":[${fetch},${count}]}"\n`;
}

/** The words of a shell for a number of two decimals, with a third that differs by process: it starts no other one. */
function noisy(seconds: number): string {
  return `${seconds.toFixed(2)}$(($$ % 10))`;
}
