import { KitError } from "../base/mod.ts";
import { runGit, type RunGitOptions } from "./run_git.ts";

/**
 * Run git, which must end well.
 *
 * @param args Its arguments
 * @param options Where
 * @returns Its standard output
 * @throws {KitError} `failed` with what git said
 */
export async function git(args: readonly string[], options: RunGitOptions): Promise<string> {
  const { code, stdout, stderr } = await runGit(args, options);
  if (code === 0) return stdout;
  const said = stderr.trim().split("\n").at(-1) || `it ended with ${code}`;
  throw new KitError("failed", `Cannot run "git ${args.slice(0, 2).join(" ")}": ${said}`);
}
