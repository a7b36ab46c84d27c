import { KitError } from "../base/mod.ts";
import { runGit, type RunGitOptions } from "./run_git.ts";

/**
 * Run git and require exit code 0.
 *
 * @param args Arguments of git
 * @param options Folder, signal and environment
 * @returns The standard output
 * @throws {KitError} `failed` with the last line of standard error if git fails, and the errors of {@linkcode runGit}
 */
export async function git(args: readonly string[], options: RunGitOptions): Promise<string> {
  const { code, stdout, stderr } = await runGit(args, options);
  if (code === 0) return stdout;
  const reason = stderr.trim().split("\n").at(-1) || `exit code ${code}`;
  throw new KitError("failed", `Cannot run "git ${verbOf(args).join(" ")}": ${reason}`);
}

/** The first two words after the settings (`-c name=value`). */
function verbOf(args: readonly string[]): readonly string[] {
  return args[0] === "-c" ? verbOf(args.slice(2)) : args.slice(0, 2);
}
