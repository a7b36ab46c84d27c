import { KitError } from "../base/mod.ts";

/** Options of {@linkcode runGit}. */
export interface RunGitOptions {
  /** Working directory of git. */
  readonly cwd: string;
  /** Stops git; the call then rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Environment variables for git. Those that point it to another repository are removed.
   *
   * @default {the environment of this process}
   */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /**
   * Standard input of git.
   *
   * @default {no input}
   */
  readonly input?: string | undefined;
  /**
   * The index that git uses. A hook has to pass on `GIT_INDEX_FILE`: during `git commit -a` or `git commit FILE`, what is
   * to be committed is in a temporary one.
   *
   * @default {the index of the working tree}
   */
  readonly indexFile?: string | undefined;
}

/** Exit code and output of a git process. */
export interface GitOutput {
  /** Exit code; 0 is success. */
  readonly code: number;
  /** The whole standard output. */
  readonly stdout: string;
  /** The whole standard error, in English. */
  readonly stderr: string;
}

/**
 * Keeps git from translating its messages, from prompting, and from refreshing the user's index in read-only commands.
 */
const ENV = { LC_ALL: "C", LANGUAGE: "C", GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0" };

/**
 * Keeps hooks from running, and git from tidying up: even if there is nothing to tidy, it starts a process to find out
 * after each fetch, merge and commit.
 */
const SETTINGS = ["-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0", "-c", "maintenance.auto=false"];

/**
 * Run git in a folder. Hooks do not run, and environment variables that point to another repository have no effect.
 *
 * @param args Arguments of git
 * @param options Folder, signal and environment
 * @returns Exit code and output; any exit code is a result
 * @throws {KitError} `inconclusive` if git is not installed, `usage` if the folder does not exist
 */
export async function runGit(args: readonly string[], options: RunGitOptions): Promise<GitOutput> {
  const { cwd, signal, environment = Deno.env.toObject(), input, indexFile } = options;
  signal?.throwIfAborted();
  try {
    const process = new Deno.Command("git", {
      args: [...SETTINGS, ...args],
      cwd,
      clearEnv: true,
      env: {
        ...withoutRepository(environment),
        ...ENV,
        ...indexFile === undefined ? {} : { GIT_INDEX_FILE: indexFile },
      },
      stdin: input === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
      ...signal === undefined ? {} : { signal },
    }).spawn();
    if (input !== undefined) await writeInput(process.stdin, input);
    const { code, stdout, stderr } = await process.output();
    signal?.throwIfAborted();
    const text = new TextDecoder();
    return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const isFolder = await Deno.stat(cwd).then((info) => info.isDirectory, () => false);
    if (!isFolder) throw new KitError("usage", `Cannot run git in "${cwd}": no such folder`, { cause: error });
    throw new KitError("inconclusive", "Cannot run git: it is not installed", {
      hint: "Install git, or compare two report files instead of two commits",
      cause: error,
    });
  }
}

/** Write to git and close its input. Git may end before it has read everything; its exit code then says why. */
async function writeInput(stdin: WritableStream<Uint8Array>, input: string): Promise<void> {
  try {
    await new Blob([input]).stream().pipeTo(stdin);
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

/** If a hook or an alias started this process, git has set variables that point to its own repository. */
function withoutRepository(environment: Readonly<Record<string, string>>): Record<string, string> {
  const isOurs = (name: string) => !/^GIT_(?!SSH|ASKPASS|CONFIG_GLOBAL|CONFIG_SYSTEM)/.test(name);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => isOurs(name)));
}
