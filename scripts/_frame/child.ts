import { join } from "node:path";
import { findCheckout } from "./program_form.ts";
import { VARIABLES } from "./settings/variables.ts";

/** Options of {@linkcode childCommand}. */
export interface ChildOptions {
  /**
   * Working directory of the child, which contains its logs. The child may write only here and to the temporary folder.
   */
  readonly folder: string;
  /** Variables added to the environment, which the child may read; secrets belong here, not on the command line. */
  readonly env: Readonly<Record<string, string>>;
  /** The only origins that the child may reach. */
  readonly origins: readonly string[];
  /**
   * Path of the script to run, from the root of the checkout.
   *
   * @default {the program}
   */
  readonly script?: string | undefined;
  /**
   * Whether the child is a worker. A worker's standard input and output are pipes, and it may read its own memory
   * usage. It has its own process group, so that Ctrl-C reaches only this process.
   *
   * @default {false}
   */
  readonly isWorker?: boolean | undefined;
  /**
   * Whether standard error of a worker is a pipe as well, which must be read then. It always is one for other children.
   *
   * @default {false}
   */
  readonly hasErrorPipe?: boolean | undefined;
  /**
   * Whether its memory must stay small, as that of the tasks that may run for hours.
   *
   * @default {the value of isWorker}
   */
  readonly isSparing?: boolean | undefined;
}

/**
 * V8 delays garbage collection, and native memory grows in the meantime. These flags keep the peak below 160 MB, at the
 * cost of a few percent of processor time. The tasks in deno.json have the same flags. A short child does without them:
 * Deno keeps compiled code for one set of flags only, so that processes with and without them, in turn, each compile all
 * of it again, which takes a quarter of a second.
 */
const V8_FLAGS = "--v8-flags=--max-semi-space-size=2,--heap-growing-percent=20";

/**
 * Create a command that runs this program again in a child process, from source or from a bundle, with minimal
 * permissions. An executable has the permissions that were built into it.
 */
export function childCommand(args: readonly string[], options: ChildOptions): Deno.Command {
  const { folder, env, origins, script, isWorker = false, hasErrorPipe = false, isSparing = isWorker } = options;
  const hosts = origins.map((origin) => new URL(origin).host);
  const flags = [
    ...isSparing ? [V8_FLAGS] : [],
    "--allow-read",
    `--allow-write=${folder},${Deno.env.get("TMPDIR") ?? "/tmp"}`,
    ...hosts.length === 0 ? [] : [`--allow-net=${hosts.join(",")}`],
    `--allow-env=${[...new Set([...VARIABLES, ...Object.keys(env)])].join(",")}`,
    isWorker ? "--allow-sys" : "--allow-sys=statfs,uid",
  ];
  const [program, ...words] = programWords(flags, script);
  return new Deno.Command(program!, {
    args: [...words, ...args],
    // The child connects only to this machine, which a proxy would prevent. What it does is not for the settings of the
    // user to change: it finds no configuration but that of its folder.
    env: { NO_PROXY: "127.0.0.1,localhost,[::1]", XDG_CONFIG_HOME: folder, ...env },
    cwd: folder,
    stdin: isWorker ? "piped" : "null",
    stdout: "piped",
    stderr: isWorker && !hasErrorPipe ? "inherit" : "piped",
    detached: isWorker && Deno.build.os !== "windows",
  });
}

/**
 * List the words that start this program again, before its own arguments.
 *
 * @param flags Flags of Deno; an executable has those that were built into it
 */
export function programWords(flags: readonly string[], script = "cli.ts"): readonly string[] {
  if (Deno.build.standalone) return [Deno.execPath()];
  const root = findCheckout();
  // A bundle is the main module; in a checkout, that is the current script.
  const module = root === null ? Deno.mainModule : join(root, script);
  return [Deno.execPath(), "run", "-q", "--no-prompt", ...flags, module];
}
