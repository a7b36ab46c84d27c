import { join } from "node:path";
import type { BenchCommand } from "../../lib/bench/mod.ts";

/**
 * The command of a side, followed by downloads of its program, measured by the code of this checkout.
 *
 * @param root The checkout
 * @param command The command
 * @param only Substrings of the names of the benchmarks to measure; all if empty
 */
export function withDownloads(root: string, command: BenchCommand, only: readonly string[] = []): BenchCommand {
  const permissions = ["read", "write", "env", "sys", "run", "net=127.0.0.1"].map((name) => `--allow-${name}`);
  const config = ["--config", join(root, "deno.json")];
  const program = [Deno.execPath(), "run", "-q", "--no-prompt", "--no-check", ...config, ...permissions];
  const selection = only.length === 0 ? [] : [`--only=${JSON.stringify(only)}`];
  return { ...command, words: [...program, join(root, "benchmarks", "downloads.ts"), ...selection, ...command.words] };
}
