import { linesOf, type WorkAnswer, type WorkFailure } from "./_work_message.ts";

/** Options of {@linkcode WatchedProcess}. */
export interface WatchedProcessOptions {
  /** The process under test, which calls `serveWork`; both of its standard streams must be pipes. */
  readonly command: () => Deno.Command;
  /** Told when a process ended that nobody had asked to. */
  readonly onLost?: ((reason: string) => void) | undefined;
}

/** Options of {@linkcode WatchedProcess.work}. */
export interface WatchedWorkOptions {
  /** Stops the job. */
  readonly signal?: AbortSignal | undefined;
  /** Told every sign of life. */
  readonly beat?: ((state?: string) => void) | undefined;
}

/** The process under test ended while it worked. */
export class LostProcessError extends Error {
  /** The name that stack traces print, and that failures are counted by. */
  override name = "LostProcess";
}

interface Waiting {
  readonly resolve: (body: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly beat: (state?: string) => void;
}

interface Living {
  readonly child: Deno.ChildProcess;
  readonly input: WritableStreamDefaultWriter<Uint8Array>;
  readonly ready: Promise<void>;
  readonly ended: Promise<void>;
}

/** A process under test that is watched from outside: started when it is needed, and again when it was lost. */
export class WatchedProcess implements AsyncDisposable {
  readonly #options: WatchedProcessOptions;
  readonly #waiting = new Map<number, Waiting>();
  #living: Living | null = null;
  #lost = 0;
  #isClosed = false;
  #nextId = 1;

  /**
   * Make one; nothing is started yet.
   *
   * @param options How to start it
   */
  constructor(options: WatchedProcessOptions) {
    this.#options = options;
  }

  /** Its number; `null` while none lives. */
  get pid(): number | null {
    return this.#living?.child.pid ?? null;
  }

  /** How often it was lost. */
  get restarts(): number {
    return this.#lost;
  }

  /**
   * Let it do a job.
   *
   * @param body Plain data
   * @returns What it answers
   * @throws {LostProcessError} If it ends meanwhile
   */
  work(body: unknown, options: WatchedWorkOptions = {}): Promise<unknown> {
    return this.#order("work", body, options);
  }

  /** Let it look at itself. */
  probe(body: unknown = null): Promise<unknown> {
    return this.#order("probe", body, {});
  }

  /** End it, whatever it does: what hangs in it is gone. It is not counted as lost, and the next job starts another. */
  async kill(): Promise<void> {
    const living = this.#living;
    if (living === null) return;
    this.#living = null;
    kill(living.child);
    await living.ended;
  }

  /** End it for good. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.kill();
  }

  async #order(type: "work" | "probe", body: unknown, options: WatchedWorkOptions): Promise<unknown> {
    const { signal, beat = () => {} } = options;
    signal?.throwIfAborted();
    if (this.#isClosed) throw new LostProcessError("Cannot give work: the process was ended");
    const living = this.#living ??= this.#start();
    await living.ready;
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject, beat });
    const onAbort = (): void => {
      this.#write(living, { type: "cancel", id });
      reject(signal!.reason);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      if (signal?.aborted) throw signal.reason;
      this.#write(living, { type, id, body });
      return await promise;
    } finally {
      signal?.removeEventListener("abort", onAbort);
      this.#waiting.delete(id);
    }
  }

  #write(living: Living, message: unknown): void {
    const line = new TextEncoder().encode(`${JSON.stringify(message)}\n`);
    // A process that is gone is noticed by the end of its answers.
    living.input.write(line).catch(() => {});
  }

  #start(): Living {
    const child = this.#options.command().spawn();
    const ready = Promise.withResolvers<void>();
    // Whoever waits for it is told; nobody may.
    ready.promise.catch(() => {});
    const input = child.stdin.getWriter();
    return { child, input, ready: ready.promise, ended: this.#read(child, input, ready) };
  }

  async #read(
    child: Deno.ChildProcess,
    input: WritableStreamDefaultWriter<Uint8Array>,
    ready: PromiseWithResolvers<void>,
  ): Promise<void> {
    try {
      for await (const line of linesOf(child.stdout)) {
        const answer = JSON.parse(line) as WorkAnswer;
        if (answer.type === "ready") {
          ready.resolve();
          continue;
        }
        this.#answer(answer);
      }
    } catch {
      // It wrote what is no answer: it is of no use any more.
      kill(child);
    }
    const { code, signal } = await child.status;
    const reason = `The process ended with ${signal ?? code}`;
    await input.abort(reason).catch(() => {});
    ready.reject(new LostProcessError(reason));
    if (this.#living?.child === child) {
      this.#living = null;
      this.#lost++;
      this.#options.onLost?.(reason);
    }
    for (const { reject } of this.#waiting.values()) reject(new LostProcessError(reason));
  }

  #answer(answer: Exclude<WorkAnswer, { readonly type: "ready" }>): void {
    const waiting = this.#waiting.get(answer.id);
    if (answer.type === "beat") waiting?.beat(answer.state ?? undefined);
    else if (answer.type === "done") waiting?.resolve(answer.body);
    else waiting?.reject(errorOf(answer.error));
  }
}

function errorOf({ name, message, failure }: WorkFailure): Error {
  return Object.assign(new Error(message), { name, ...failure === null ? {} : { failure } });
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has just ended by itself.
  }
}
