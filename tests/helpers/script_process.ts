import { fileURLToPath } from "node:url";
import type { ScriptRequest } from "./_script_worker.ts";

const WORKER = fileURLToPath(new URL("./_script_worker.ts", import.meta.url));

/** The result of a script. */
export interface ScriptRun {
  readonly code: number;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
}

/** Options of {@linkcode ScriptProcess}. */
export interface ScriptProcessOptions {
  /** Words of `deno run` before the path. */
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A process that runs the command of one script, once for each request: it loads the modules once. */
export class ScriptProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #requests: WritableStreamDefaultWriter<Uint8Array>;
  readonly #answers: ReadableStreamDefaultReader<Uint8Array>;

  constructor(script: string, { words, cwd, env }: ScriptProcessOptions) {
    const args = [...words, WORKER, script];
    const streams = { stdin: "piped", stdout: "piped", stderr: "inherit" } as const;
    this.#child = new Deno.Command(Deno.execPath(), { args, cwd, env, ...streams }).spawn();
    this.#requests = this.#child.stdin.getWriter();
    this.#answers = this.#child.stdout.getReader();
  }

  async run(request: ScriptRequest): Promise<ScriptRun> {
    await this.#requests.write(new TextEncoder().encode(`${JSON.stringify(request)}\n`));
    const decoder = new TextDecoder();
    for (let line = "";;) {
      const { done, value } = await this.#answers.read();
      if (done) throw new Error(`The process ended during ${request.args.join(" ")}: ${line}`);
      line += decoder.decode(value, { stream: true });
      if (line.endsWith("\n")) return JSON.parse(line);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#requests.close();
    await this.#answers.cancel();
    await this.#child.status;
  }
}
