import { runProgram } from "../install/run_program.ts";

/** How the tested program is run. */
export interface ArtifactOptions {
  /** Path of the program. */
  readonly program: string;
  /** The folder that it runs in, and that has its home: no setting of this user reaches it. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

const PROXIES = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy"];

/** Exit code and output of a run. */
export interface ArtifactRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program under test, with nothing of this user's environment but PATH. */
export class ArtifactRunner {
  readonly #options: ArtifactOptions;

  constructor(options: ArtifactOptions) {
    this.#options = options;
  }

  /** The folder that the program runs in. */
  get folder(): string {
    return this.#options.folder;
  }

  /** Run a command to its end. */
  async run(args: readonly string[], token?: string): Promise<ArtifactRun> {
    const { program, folder, signal } = this.#options;
    return await runProgram([program, ...args], { cwd: folder, env: this.#env(token), isolated: true, signal });
  }

  /** Start a command, and kill it by SIGKILL as soon as a condition holds. */
  async runUntil(args: readonly string[], token: string, isReached: () => boolean): Promise<{ wasKilled: boolean }> {
    const { program, folder, signal } = this.#options;
    const child = new Deno.Command(program, {
      args: [...args],
      cwd: folder,
      clearEnv: true,
      env: this.#env(token),
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    let hasEnded = false;
    const ended = child.status.then(() => hasEnded = true);
    try {
      while (!hasEnded && !isReached()) {
        signal.throwIfAborted();
        await new Promise((wake) => setTimeout(wake, 5));
      }
      return { wasKilled: !hasEnded };
    } finally {
      if (!hasEnded) child.kill("SIGKILL");
      await ended;
    }
  }

  #env(token: string | undefined): Record<string, string> {
    const { folder } = this.#options;
    return {
      HOME: folder,
      TMPDIR: folder,
      PATH: Deno.env.get("PATH") ?? "",
      NO_COLOR: "1",
      // The real site may be behind a proxy. The place is on this machine, where a proxy cannot reach it.
      ...Object.fromEntries(PROXIES.flatMap((name) => {
        const value = Deno.env.get(name);
        return value === undefined ? [] : [[name, value]];
      })),
      NO_PROXY: "127.0.0.1,localhost,[::1]",
      ...token === undefined ? {} : { CIVITAI_API_KEY: token },
    };
  }
}
