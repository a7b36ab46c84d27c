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

/** Run Deno in the working folder; what it says comes without colours. */
export async function runDeno(args: readonly string[], options: RunDenoOptions): Promise<DenoRun> {
  const { signal, loadsModules = false } = options;
  signal.throwIfAborted();
  const [verb, ...rest] = args;
  const lock = loadsModules ? [await hasLockFile() ? "--frozen" : "--no-lock"] : [];
  const child = new Deno.Command(Deno.execPath(), {
    args: [verb!, ...lock, ...rest],
    env: { DENO_NO_UPDATE_CHECK: "1" },
    ...{ signal, stdin: "null", stdout: "piped", stderr: "piped" },
  });
  const { code, stdout, stderr } = await child.output();
  signal.throwIfAborted();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).replaceAll(ANSI, ""));
  return { code, out: out!, err: err! };
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
