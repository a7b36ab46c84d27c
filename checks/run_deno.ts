/** Options of {@linkcode runDeno}. */
export interface RunDenoOptions {
  /** Stops it. */
  readonly signal: AbortSignal;
  /** It loads modules: hold it to the lock file, so that it does not write one. */
  readonly loadsModules?: boolean | undefined;
}

/** How it ended. */
export interface DenoRun {
  /** Exit code. */
  readonly code: number;
  /** Standard output. */
  readonly out: string;
  /** Standard error. */
  readonly err: string;
}

// Not by NO_COLOR: tests that look at colours would inherit it.
// deno-lint-ignore no-control-regex
const ANSI = /\x1b\[[0-9;]*m/g;

/** Run Deno in the working folder; what it says comes without colours. An executable is no Deno: see `requireCheckout`. */
export async function runDeno(args: readonly string[], options: RunDenoOptions): Promise<DenoRun> {
  const { signal, loadsModules = false } = options;
  signal.throwIfAborted();
  const [verb, ...rest] = args;
  const lock = loadsModules ? [await hasLockFile() ? "--frozen" : "--no-lock"] : [];
  const child = new Deno.Command(Deno.execPath(), {
    args: [verb!, ...lock, ...rest],
    env: { DENO_NO_UPDATE_CHECK: "1" },
    // A group of its own: what tests started must go with them, or it holds the pipes open for ever.
    detached: Deno.build.os !== "windows",
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    endGroup(child, "SIGTERM");
    timer = setTimeout(() => endGroup(child, "SIGKILL"), GRACE_MS);
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    const { code, stdout, stderr } = await child.output();
    signal.throwIfAborted();
    return { code, out: plain(stdout), err: plain(stderr) };
  } finally {
    signal.removeEventListener("abort", stop);
    clearTimeout(timer);
  }
}

/** Time to remove what was made, before it is ended by force. */
const GRACE_MS = 2000;

function endGroup(child: Deno.ChildProcess, how: Deno.Signal): void {
  try {
    if (Deno.build.os === "windows") child.kill(how);
    else Deno.kill(-child.pid, how);
  } catch (error) {
    // It has ended by itself.
    if (!(error instanceof Deno.errors.NotFound) && !(error instanceof TypeError)) throw error;
  }
}

function plain(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replaceAll(ANSI, "");
}

function hasLockFile(): Promise<boolean> {
  return Deno.stat("deno.lock").then((stat) => stat.isFile, () => false);
}

/** The last lines of what a run said, without those that say nothing. */
export function lastWords({ out, err }: DenoRun, count = 12): string {
  const lines = `${out}\n${err}`.split("\n").filter((line) =>
    line.trim() !== "" && !/^Stack backtrace|<unknown>/.test(line.trim())
  );
  return lines.slice(-count).join("\n");
}
