/** A shell, and what it started. */
export interface StartedShell extends Disposable {
  readonly process: Deno.ChildProcess;
}

/** Options of {@linkcode startShell}. */
export interface StartShellOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A guard against a hang: a page takes some seconds of a quiet machine. */
const LONGEST_MS = 900_000;

/**
 * Run a script in a shell without other variables. After a quarter of an hour, or if the test leaves it earlier, it is killed with
 * all that it has started.
 */
export function startShell(script: string, { cwd, env }: StartShellOptions): StartedShell {
  const process = new Deno.Command("sh", {
    args: ["-euc", script],
    cwd,
    env,
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached: true,
  }).spawn();
  let hasEnded = false;
  process.status.then(() => hasEnded = true);
  const kill = () => {
    if (!hasEnded) Deno.kill(-process.pid, "SIGKILL");
  };
  const guard = setTimeout(kill, LONGEST_MS);
  return {
    process,
    [Symbol.dispose]() {
      clearTimeout(guard);
      kill();
    },
  };
}
