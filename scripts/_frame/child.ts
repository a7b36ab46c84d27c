import { join } from "node:path";
import { findCheckout } from "./program_form.ts";

/** Options of {@linkcode childCommand}. */
export interface ChildOptions {
  /** The only folder that the child may write to; it works there, so its logs are there too. */
  readonly folder: string;
  /** Added to the environment; the place for secrets. */
  readonly env: Readonly<Record<string, string>>;
  /** The only origins that the child may reach. */
  readonly origins: readonly string[];
  /**
   * A worker: it is talked to by both standard streams, may look at its own memory, and is not in our
   * group, so that Ctrl-C is for us to pass on.
   *
   * @default {false}
   */
  readonly isWorker?: boolean | undefined;
}

/** Variables that the child may read. */
const VARIABLES = [
  "CIVITAI_API_KEY",
  "CIVITAI_TOKEN",
  "CIVITAI_DL_OUTPUT",
  "CIVITAI_DL_BASE_URL",
  "CIVITAI_DL_DISABLE_EXPERIMENTAL",
  "XDG_CONFIG_HOME",
  "HOME",
  "NO_COLOR",
  "TERM",
  "NO_PROXY",
  "no_proxy",
  // A package that turns HTML into Markdown reads it.
  "LOG_PERF",
  // And so does the one that reads YAML.
  "LOG_STREAM",
  "LOG_TOKENS",
];

/**
 * V8 waits long before it collects what a run leaves behind, and native memory grows with it: these keep the peak below
 * 160 MB, at the price of some percent of processor time. The tasks in deno.json have the same.
 */
const V8_FLAGS = "--v8-flags=--max-semi-space-size=2,--heap-growing-percent=20";

/**
 * This program again, as a process of its own with the least permissions: from source or from a bundle. An executable
 * has the permissions that were built into it.
 *
 * @param args The command line
 * @param options Folder, environment, origins
 * @returns The command, ready to spawn
 */
export function childCommand(args: readonly string[], options: ChildOptions): Deno.Command {
  const { folder, env, origins, isWorker = false } = options;
  const hosts = origins.map((origin) => new URL(origin).host);
  const permissions = [
    "--allow-read",
    `--allow-write=${folder},${Deno.env.get("TMPDIR") ?? "/tmp"}`,
    `--allow-net=${hosts.join(",")}`,
    `--allow-env=${VARIABLES.join(",")}`,
    isWorker ? "--allow-sys" : "--allow-sys=statfs,uid",
  ];
  const words = Deno.build.standalone
    ? args
    : ["run", "-q", "--no-prompt", V8_FLAGS, ...permissions, mainModule(), ...args];
  return new Deno.Command(Deno.execPath(), {
    args: [...words],
    // The child talks to this machine only: a proxy would stand in the way.
    env: { NO_PROXY: "127.0.0.1,localhost,[::1]", ...env },
    cwd: folder,
    stdin: isWorker ? "piped" : "null",
    stdout: "piped",
    stderr: isWorker ? "inherit" : "piped",
    detached: isWorker && Deno.build.os !== "windows",
  });
}

/** In a checkout the program is cli.ts, whatever script runs; a bundle is its own main module. */
function mainModule(): string {
  const root = findCheckout();
  return root === null ? Deno.mainModule : join(root, "cli.ts");
}
