import { KitError } from "../lib/base/mod.ts";
import { runGit } from "../lib/git/mod.ts";

/**
 * Run git in a folder, which is the working directory by default.
 *
 * @param cwd Folder in which git runs
 * @returns Standard output; `null` if git fails or is not installed
 */
export async function askGit(
  args: readonly string[],
  signal: AbortSignal,
  cwd: string = Deno.cwd(),
): Promise<string | null> {
  try {
    const { code, stdout } = await runGit(args, { cwd, signal });
    return code === 0 ? stdout : null;
  } catch (error) {
    if (error instanceof KitError && error.code === "inconclusive") return null;
    throw error;
  }
}
