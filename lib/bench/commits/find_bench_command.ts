import { join } from "node:path";
import type { BenchCommand } from "../process/bench_command.ts";
import { KitError, listIfExists } from "../../base/mod.ts";

/** Permissions of the benchmarks of the repository's own code. */
const PERMISSIONS = ["read", "write", "env", "sys", "run", "net=127.0.0.1"].map((name) => `--allow-${name}`);

/** Options of {@linkcode findBenchCommand}. */
export interface BenchCommandOptions {
  /** Shell command to run instead of the bench files; `null` to run the bench files. */
  readonly command: string | null;
  /** Substrings of the names of the benchmarks to run; all if empty. */
  readonly only: readonly string[];
}

/**
 * Build the command that runs the benchmarks of a checkout once: the user's command, or `deno bench` on `*_bench.ts`,
 * `*.bench.ts` and `bench.ts` in the root and in `benchmarks/`. With `only`, the command for all benchmarks comes with
 * it: if neither side has one of these names, it lists the names that exist.
 */
export async function findBenchCommand(root: string, options: BenchCommandOptions): Promise<BenchCommand> {
  const { command, only } = options;
  const env = { NO_COLOR: "1" };
  if (command !== null) return { words: ["sh", "-c", command], cwd: root, env };
  const files = [...await benchFiles(root, ""), ...await benchFiles(root, "benchmarks")];
  if (files.length === 0) {
    throw new KitError("usage", "Cannot compare: there are no bench files", {
      hint: "Put Deno.bench() calls into benchmarks/NAME_bench.ts, or name what to run with --command",
    });
  }
  // Reports write "GROUP: NAME", and --filter knows only the name.
  const names = only.map((name) => RegExp.escape(name.split(": ").at(-1)!));
  const filter = names.length === 0 ? [] : ["--filter", `/${names.join("|")}/`];
  const bench = [Deno.execPath(), "bench", "-q", "--json", "--no-check", "--no-prompt", ...PERMISSIONS];
  const allWords = [...bench, ...files];
  return { words: [...bench, ...filter, ...files], allWords, cwd: root, env };
}

async function benchFiles(root: string, folder: string): Promise<readonly string[]> {
  const entries = await listIfExists(join(root, folder));
  const names = entries.filter((entry) => entry.isFile).map((entry) => entry.name);
  return names.filter((name) => /(^|[._])bench\.[jt]s$/.test(name)).sort().map((name) => join(folder, name));
}
