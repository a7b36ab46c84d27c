import { KitError } from "../base/mod.ts";

/** Options of {@linkcode runGit}. */
export interface RunGitOptions {
  /** Where git works. */
  readonly cwd: string;
  /** Stops it. */
  readonly signal?: AbortSignal | undefined;
  /**
   * What it finds in its environment, less what tells it of another repository.
   *
   * @default {the environment of this process}
   */
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

/** What git said. */
export interface GitOutput {
  /** Its exit code. */
  readonly code: number;
  /** All of its standard output. */
  readonly stdout: string;
  /** All of its standard error, in English. */
  readonly stderr: string;
}

/** What keeps git from translating, asking, and refreshing the user's index while it only looks. */
const ENV = { LC_ALL: "C", LANGUAGE: "C", GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0" };

/**
 * Run git in a repository. What the environment says of another repository does not hold, and hooks do not run.
 *
 * @param args Its arguments
 * @param options Where
 * @returns What it said; any exit code is a result
 * @throws {KitError} `inconclusive` if git is not installed, `usage` if the folder does not exist
 */
export async function runGit(args: readonly string[], options: RunGitOptions): Promise<GitOutput> {
  const { cwd, signal, environment = Deno.env.toObject() } = options;
  signal?.throwIfAborted();
  try {
    const { code, stdout, stderr } = await new Deno.Command("git", {
      args: ["-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0", ...args],
      cwd,
      clearEnv: true,
      env: { ...withoutRepository(environment), ...ENV },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      ...signal === undefined ? {} : { signal },
    }).output();
    signal?.throwIfAborted();
    const text = new TextDecoder();
    return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const isThere = await Deno.stat(cwd).then((info) => info.isDirectory, () => false);
    if (!isThere) throw new KitError("usage", `Cannot run git in "${cwd}": there is no such folder`, { cause: error });
    throw new KitError("inconclusive", "Cannot run git: it is not installed", {
      hint: "Install git, or compare two report files instead of two commits",
      cause: error,
    });
  }
}

/** A hook or an alias that started us has told git of its own repository. */
function withoutRepository(environment: Readonly<Record<string, string>>): Record<string, string> {
  const isOurs = (name: string) => !/^GIT_(?!SSH|ASKPASS|CONFIG_GLOBAL|CONFIG_SYSTEM)/.test(name);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => isOurs(name)));
}
