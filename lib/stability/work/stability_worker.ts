import { DeadlockWatch, type RunHost, WatchedProcess } from "../../soak/mod.ts";
import { NO_ANSWER, type StabilityAnswer, type StabilityJob } from "../stability_job.ts";

/** What a run with processes under test needs. */
export interface WorkerHost<Progress> extends RunHost<Progress> {
  /**
   * Creates the command of a process under test, which may only write to `folder` and connect to `origins`. Its standard
   * input, output and error must be `piped`.
   */
  readonly workerCommand: (place: WorkerPlace) => Deno.Command;
}

/** What a process under test may write to, and connect to. */
export interface WorkerPlace {
  readonly folder: string;
  readonly origins: readonly string[];
}

/** Options of {@linkcode StabilityWorker}. */
export interface StabilityWorkerOptions {
  /**
   * Time without a sign of life after which a job is stopped, in milliseconds.
   *
   * @default {120000}
   */
  readonly silentMs?: number | undefined;
}

/** A process under test that does one job at a time. */
export class StabilityWorker implements AsyncDisposable {
  readonly #process: WatchedProcess;
  readonly #silentMs: number;

  /** Prepare the process, which the first job starts. */
  constructor(host: WorkerHost<never>, place: WorkerPlace, options: StabilityWorkerOptions = {}) {
    const { silentMs = 120_000 } = options;
    this.#process = watchWorker(host, () => place);
    this.#silentMs = silentMs;
  }

  /**
   * Do a job. One that stands still is stopped, so that a deadlock does not become a run that never ends.
   *
   * @param job The job
   * @param signal Stops the job
   * @returns Its answer; if it failed as a whole, or its process was lost, an answer that was stopped for that reason
   * @throws The reason of the signal
   */
  async do(job: StabilityJob, signal: AbortSignal): Promise<StabilityAnswer> {
    const stop = new AbortController();
    const watch = new DeadlockWatch(this.#silentMs);
    watch.begin(job.id, performance.now());
    const timer = setInterval(() => {
      for (const { id, state } of watch.silent(performance.now())) {
        stop.abort(new Error(`job ${id} stood still at "${state}"`));
      }
    }, Math.min(1000, this.#silentMs));
    try {
      return await this.#process.work(job, {
        signal: AbortSignal.any([signal, stop.signal]),
        beat: (state) => watch.beat(job.id, performance.now(), state),
      }) as StabilityAnswer;
    } catch (error) {
      signal.throwIfAborted();
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      return { ...NO_ANSWER, stopped: { failure: name, message } };
    } finally {
      clearInterval(timer);
    }
  }

  /** End the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
  }
}

/** Prepare a process under test that is started again when it was lost. */
export function watchWorker(host: WorkerHost<never>, placeOf: () => WorkerPlace): WatchedProcess {
  return new WatchedProcess({
    command: () => host.workerCommand(placeOf()),
    onLost: (reason) => host.display.notice(`${reason}; it is started again`),
    onErrorText: (text) => host.display.notice(text),
  });
}
