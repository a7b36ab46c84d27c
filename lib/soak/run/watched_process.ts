import { type Clock, formatDuration, systemClock } from "../../base/mod.ts";
import { linesOf, type WorkAnswer, type WorkFailure } from "./_work_message.ts";

/** Options of {@linkcode WatchedProcess}. */
export interface WatchedProcessOptions {
  /** Creates the command of the process under test, which calls `serveWork`; its stdin and stdout must be `piped`. */
  readonly command: () => Deno.Command;
  /** Called with the reason when a process ended unexpectedly. */
  readonly onLost?: ((reason: string) => void) | undefined;
  /**
   * Called with what the process writes to standard error, which must be `piped`. Its end is then part of the
   * {@linkcode LostProcessError}, where the error of a crash belongs.
   *
   * @default {standard error is not read}
   */
  readonly onErrorText?: ((text: string) => void) | undefined;
  /**
   * The time in milliseconds within which a stopped job must end; otherwise the process is killed and counts as lost.
   *
   * @default {10000}
   */
  readonly graceMs?: number | undefined;
  /**
   * The clock for `graceMs`.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** Options of {@linkcode WatchedProcess.work}. */
export interface WatchedWorkOptions {
  /**
   * Stops the job; the returned promise rejects with the signal's reason as soon as the job or its process has ended.
   */
  readonly signal?: AbortSignal | undefined;
  /** Called for each heartbeat of the job. */
  readonly beat?: ((state?: string) => void) | undefined;
}

/**
 * Thrown if the process under test ends before it answers, or has already been killed permanently.
 */
export class LostProcessError extends Error {
  /** The name that stack traces print, and the class under which failures are counted. */
  override name = "LostProcess";
  /** The end of what the process wrote to standard error, such as the stack of a crash; empty if that is unknown. */
  readonly details: string;

  /**
   * Create the error.
   *
   * @param message How the process ended
   * @param details What it wrote at its end
   */
  constructor(message: string, details = "") {
    super(message);
    this.details = details;
  }
}

/** Maximum length of the kept end of standard error: a message and its stack. */
const MAX_DETAILS = 4000;

interface Waiting {
  readonly child: Deno.ChildProcess;
  readonly resolve: (body: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly beat: (state?: string) => void;
}

interface RunningProcess {
  readonly child: Deno.ChildProcess;
  readonly input: WritableStreamDefaultWriter<Uint8Array>;
  readonly ready: Promise<void>;
  readonly ended: Promise<void>;
}

/**
 * A process under test that is controlled from outside. It is started on demand, and again after it was lost.
 */
export class WatchedProcess implements AsyncDisposable {
  readonly #options: WatchedProcessOptions;
  readonly #waiting = new Map<number, Waiting>();
  /** Reason why a process was killed, for the error that is thrown when it ends. */
  readonly #killed = new WeakMap<Deno.ChildProcess, string>();
  #running: RunningProcess | null = null;
  #lost = 0;
  #isClosed = false;
  #nextId = 1;

  /**
   * Create the watcher; the process is started by the first job or probe.
   *
   * @param options How to start the process
   */
  constructor(options: WatchedProcessOptions) {
    this.#options = options;
  }

  /** The id of the process; `null` while none is running. */
  get pid(): number | null {
    return this.#running?.child.pid ?? null;
  }

  /** Number of times that the process was lost; killing it with `kill` does not count. */
  get restarts(): number {
    return this.#lost;
  }

  /**
   * Run a job in the process.
   *
   * @param body The job as plain data, for the `work` handler of `serveWork`
   * @returns The result of the job
   * @throws {LostProcessError} If the process ends before the job does
   * @throws The signal's reason, as soon as the stopped job or its process has ended
   */
  work(body: unknown, options: WatchedWorkOptions = {}): Promise<unknown> {
    return this.#request("work", body, options);
  }

  /** Run the `probe` handler in the process. */
  probe(body: unknown = null): Promise<unknown> {
    return this.#request("probe", body, {});
  }

  /**
   * Kill the process and all jobs that hang in it. It does not count as lost, and the next job starts a new process.
   */
  async kill(): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    this.#running = null;
    kill(running.child);
    await running.ended;
  }

  /** Kill the process permanently; further jobs are rejected. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.kill();
  }

  async #request(type: "work" | "probe", body: unknown, options: WatchedWorkOptions): Promise<unknown> {
    const { signal, beat = () => {} } = options;
    signal?.throwIfAborted();
    if (this.#isClosed) throw new LostProcessError("Cannot send work: the process was shut down");
    const running = this.#running ??= this.#start();
    const id = this.#nextId++;
    const settled = new AbortController();
    const onAbort = (): void => {
      this.#write(running, { type: "cancel", id });
      void this.#killAfterGrace(running, settled.signal);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      await running.ready;
      signal?.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      this.#waiting.set(id, { child: running.child, resolve, reject, beat });
      this.#write(running, { type, id, body });
      return await promise;
    } finally {
      settled.abort();
      signal?.removeEventListener("abort", onAbort);
      this.#waiting.delete(id);
      // Regardless of what a stopped job returned or threw, it ended because of the signal's reason.
      signal?.throwIfAborted();
    }
  }

  /** Kill the process if a stopped job does not end in time: otherwise it would collide with the next job. */
  async #killAfterGrace(running: RunningProcess, settled: AbortSignal): Promise<void> {
    const { graceMs = 10_000, clock = systemClock } = this.#options;
    try {
      await clock.sleep(graceMs, { signal: settled });
    } catch (error) {
      if (settled.aborted) return;
      throw error;
    }
    const waited = formatDuration(graceMs);
    this.#killed.set(running.child, `The process was killed: a job had not ended ${waited} after it was stopped`);
    kill(running.child);
  }

  #write(running: RunningProcess, message: unknown): void {
    const line = new TextEncoder().encode(`${JSON.stringify(message)}\n`);
    // If the process has ended, `#read` notices this at the end of its output.
    running.input.write(line).catch(() => {});
  }

  #start(): RunningProcess {
    const child = this.#options.command().spawn();
    const ready = Promise.withResolvers<void>();
    // Orders that wait for this promise handle its rejection. If there are none, the rejection must not count as
    // unhandled.
    ready.promise.catch(() => {});
    const input = child.stdin.getWriter();
    return { child, input, ready: ready.promise, ended: this.#read(child, input, ready) };
  }

  async #read(
    child: Deno.ChildProcess,
    input: WritableStreamDefaultWriter<Uint8Array>,
    ready: PromiseWithResolvers<void>,
  ): Promise<void> {
    const errors = this.#readErrors(child);
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
      // The process wrote something that is not an answer, so it can no longer be used.
      kill(child);
    }
    const { code, signal } = await child.status;
    const lastWords = await errors;
    const reason = this.#killed.get(child) ?? `The process ended with ${signal ?? code}`;
    await input.abort(reason).catch(() => {});
    ready.reject(new LostProcessError(reason));
    if (this.#running?.child === child) {
      this.#running = null;
      this.#lost++;
      this.#options.onLost?.(reason);
    }
    // After a kill, the next process may already have jobs.
    const jobs = this.#waiting.values().filter((waiting) => waiting.child === child);
    // It is unknown which of the jobs caused a crash: the first one tells the details, not each of them again.
    for (const [index, waiting] of [...jobs].entries()) {
      waiting.reject(new LostProcessError(reason, index === 0 ? lastWords : ""));
    }
  }

  /** Pass standard error on, and return its end. */
  async #readErrors(child: Deno.ChildProcess): Promise<string> {
    const { onErrorText } = this.#options;
    if (onErrorText === undefined) return "";
    let end = "";
    for await (const line of linesOf(child.stderr)) {
      onErrorText(line);
      end = `${end}${line}\n`.slice(-MAX_DETAILS);
    }
    return end.trim();
  }

  #answer(answer: Exclude<WorkAnswer, { readonly type: "ready" }>): void {
    const waiting = this.#waiting.get(answer.id);
    if (answer.type === "beat") waiting?.beat(answer.state ?? undefined);
    else if (answer.type === "done") waiting?.resolve(answer.body);
    else waiting?.reject(errorOf(answer.error));
  }
}

function errorOf({ name, message, failure, details }: WorkFailure): Error {
  return Object.assign(new Error(message), { name, details, ...failure === null ? {} : { failure } });
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // The process has already ended.
  }
}
