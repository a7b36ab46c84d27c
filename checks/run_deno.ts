import { exists } from "@std/fs";
import { join } from "node:path";
import { readTextIfExists } from "../lib/base/mod.ts";
import { endProcesses } from "./end_processes.ts";

/** Options of {@linkcode runDeno}. */
export interface RunDenoOptions {
  /** Signal that stops Deno and the processes that it started. */
  readonly signal: AbortSignal;
  /**
   * Whether the command loads modules. If so, it is run with `--frozen`, or with `--no-lock` if there is no lock file,
   * so that none is written; with neither if deno.json says that its lock file is not frozen, as with another @std.
   */
  readonly loadsModules?: boolean | undefined;
  /**
   * Folder in which Deno runs.
   *
   * @default {the working directory}
   */
  readonly folder?: string | undefined;
  /**
   * All variables of Deno and of what it starts, instead of those of this process.
   *
   * @default {the variables of this process}
   */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Called with each piece of the output as it comes. */
  readonly onOutput?: ((bytes: Uint8Array, stream: "stdout" | "stderr") => Promise<void>) | undefined;
}

/** Result of {@linkcode runDeno}. */
export interface DenoRun {
  /** Exit code. */
  readonly code: number;
  /** Standard output. */
  readonly out: string;
  /** Standard error. */
  readonly err: string;
}

// Colors are removed here instead of by NO_COLOR, because tests of colors would inherit that variable.
// deno-lint-ignore no-control-regex
const ANSI = /\x1b\[[0-9;]*m/g;

/**
 * Run Deno in a folder and return its output without colors. This does not work in an executable of this
 * program: see `requireCheckout`.
 */
export async function runDeno(args: readonly string[], options: RunDenoOptions): Promise<DenoRun> {
  const { signal, loadsModules = false, folder = ".", env, onOutput = async () => {} } = options;
  const [verb, ...rest] = args;
  const lock = loadsModules ? await lockFlags(folder) : [];
  // Nothing may be awaited between here and the listener, which would miss an earlier signal.
  signal.throwIfAborted();
  const child = new Deno.Command(Deno.execPath(), {
    args: [verb!, ...lock, ...rest],
    cwd: folder,
    env: { ...env, DENO_NO_UPDATE_CHECK: "1" },
    clearEnv: env !== undefined,
    // In a process group of its own, so that what it starts ends with it.
    detached: Deno.build.os !== "windows",
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let stopped: Promise<void> = Promise.resolve();
  const stop = () => {
    stopped = endProcesses(child);
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    const [{ code }, out, err] = await Promise.all([
      child.status,
      readAll(child.stdout, (bytes) => onOutput(bytes, "stdout")),
      readAll(child.stderr, (bytes) => onOutput(bytes, "stderr")),
    ]);
    signal.throwIfAborted();
    return { code, out, err };
  } finally {
    signal.removeEventListener("abort", stop);
    // What it started may outlive it, even if it holds no pipe.
    await stopped;
  }
}

/** Read a stream to its end, as text without colors. */
async function readAll(
  stream: ReadableStream<Uint8Array>,
  onBytes: (bytes: Uint8Array) => Promise<void>,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of stream) {
    await onBytes(bytes);
    text += decoder.decode(bytes, { stream: true });
  }
  return text.replaceAll(ANSI, "");
}

async function lockFlags(folder: string): Promise<readonly string[]> {
  const config = await readTextIfExists(join(folder, "deno.json")) ?? "";
  if (/"frozen": false/.test(config)) return [];
  return [await exists(join(folder, "deno.lock")) ? "--frozen" : "--no-lock"];
}

/** Return the last lines of a run's output, without blank lines and backtraces. */
export function lastLines({ out, err }: DenoRun, count = 12): string {
  const lines = `${out}\n${err}`.split("\n").filter((line) =>
    line.trim() !== "" && !/^Stack backtrace|<unknown>/.test(line.trim())
  );
  return lines.slice(-count).join("\n");
}
