/**
 * Run git in the working folder, so that it changes nothing, not even its index.
 *
 * @param args What it is to do
 * @param signal Stops it
 * @returns Standard output, or `null` if it failed or git is not there
 */
export async function runGit(args: readonly string[], signal: AbortSignal): Promise<string | null> {
  try {
    const { success, stdout } = await new Deno.Command("git", {
      args: [...args],
      // Without this, looking at a tree refreshes its index on disk.
      env: { LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0" },
      ...{ signal, stdin: "null", stdout: "piped", stderr: "null" },
    }).output();
    signal.throwIfAborted();
    return success ? new TextDecoder().decode(stdout) : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
