import { type Clock, formatDuration, systemClock } from "../../base/mod.ts";
import { linesOf, type WorkAnswer, type WorkFailure } from "./_work_message.ts";

/** Options of {@linkcode WatchedProcess}. */
export interface WatchedProcessOptions {
  /** The process under test, which calls `serveWork`; both of its standard streams must be pipes. */
  readonly command: () => Deno.Command;
  /** Told when a process ended that nobody had asked to. */
  readonly onLost?: ((reason: string) => void) | undefined;
  /**
   * How long a job that is stopped may take to end, in milliseconds; after that the process is killed, and lost.
   *
   * @default {10000}
   */
  readonly graceMs?: number | undefined;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** Options of {@linkcode WatchedProcess.work}. */
export interface WatchedWorkOptions {
  /** Stops the job; what is awaited ends with the signal's reason, but not before the job has. */
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
  /** Why a process that still has to end was killed. */
  readonly #killed = new WeakMap<Deno.ChildProcess, string>();
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
   * @throws The signal's reason, when a job that was stopped has ended, or its process
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
    const id = this.#nextId++;
    const over = new AbortController();
    const onAbort = (): void => {
      this.#write(living, { type: "cancel", id });
      void this.#killAfterGrace(living, over.signal);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      await living.ready;
      signal?.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      this.#waiting.set(id, { resolve, reject, beat });
      this.#write(living, { type, id, body });
      return await promise;
    } finally {
      over.abort();
      signal?.removeEventListener("abort", onAbort);
      this.#waiting.delete(id);
      // However a stopped job ended, it ended because it was stopped.
      signal?.throwIfAborted();
    }
  }

  /** A job that heeds no signal would meet the next one, so its process goes with it. */
  async #killAfterGrace(living: Living, over: AbortSignal): Promise<void> {
    const { graceMs = 10_000, clock = systemClock } = this.#options;
    try {
      await clock.sleep(graceMs, { signal: over });
    } catch (error) {
      if (over.aborted) return;
      throw error;
    }
    const waited = formatDuration(graceMs);
    this.#killed.set(living.child, `The process was killed: a job had not ended ${waited} after it was stopped`);
    kill(living.child);
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
    const reason = this.#killed.get(child) ?? `The process ended with ${signal ?? code}`;
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
