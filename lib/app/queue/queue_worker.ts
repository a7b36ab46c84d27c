import { KitError } from "../../base/mod.ts";
import {
  type DownloadEvent,
  type Library,
  type PlanMemory,
  rememberPlan,
  settleCancelled,
  Throttle,
} from "../../downloader/mod.ts";
import type { QueueEnd, QueueEntry } from "../../library/mod.ts";
import { type CheckReading, EntryProgress, type EntryReading } from "./entry_progress.ts";

/** An obstacle that the next entries would meet too, such as a network that is gone. */
export interface Obstacle {
  readonly reason: string;
  readonly hint: string | null;
}

/** How the run of an entry ended, unless it was stopped. */
export type EntryEnd = { readonly type: "ended"; readonly end: QueueEnd } | ({ readonly type: "obstacle" } & Obstacle);

/** What the run of an entry is given. */
export interface EntryRun {
  /** The library, which this process holds. */
  readonly library: Library;
  /** Stops the run cleanly. */
  readonly signal: AbortSignal;
  /** Limits of speed and connections, which change while the run goes. */
  readonly throttle: Throttle;
  /** Receives the events of a download. */
  readonly onEvent: (event: DownloadEvent) => void;
  /** Receives how far a check is. */
  readonly onCheck: (at: CheckReading) => void;
  /** Receives the id of the run in the catalog, before it plans anything. */
  readonly onRun: (runId: number) => void;
}

/** Runs one entry. */
export type RunEntry = (entry: QueueEntry, run: EntryRun) => Promise<EntryEnd>;

/** Options of {@linkcode QueueWorker}. */
export interface QueueWorkerOptions {
  readonly runEntry: RunEntry;
  /** Creates the limits of the runs. */
  readonly throttle?: Throttle | undefined;
  /** Called when an entry starts or ends. */
  readonly onChange?: (() => void) | undefined;
  /** Called before an entry starts. */
  readonly onStart?: ((entry: QueueEntry) => void) | undefined;
}

/** What a worker did. */
export interface WorkedOff {
  /** How many entries it ran. */
  readonly ran: number;
  /** What keeps it from the rest; `null` if nothing waits, the queue is paused or the worker was stopped. */
  readonly obstacle: Obstacle | null;
}

/** Time between two looks at what other processes changed, in milliseconds. */
const LOOK_MS = 500;

/** The entry that a worker runs. */
interface RunningEntry {
  readonly id: number;
  readonly progress: EntryProgress;
  readonly look: () => void;
}

/**
 * Works off the queue of a library that this process holds, one entry after another. What is paused or cancelled, by any
 * process, is stopped cleanly: its parts stay.
 */
export class QueueWorker {
  readonly #options: QueueWorkerOptions;
  readonly #throttle: Throttle;
  #running: RunningEntry | null = null;

  /** Start with nothing to do. */
  constructor(options: QueueWorkerOptions) {
    this.#options = options;
    this.#throttle = options.throttle ?? new Throttle();
  }

  /** The entry that runs, and how far it is; `null` if none does. */
  get current(): { readonly id: number; readonly progress: EntryReading } | null {
    return this.#running === null ? null : { id: this.#running.id, progress: this.#running.progress.read() };
  }

  /** Look at once at what this process changed. */
  look(): void {
    this.#running?.look();
  }

  /**
   * Run the entries that wait, until none does.
   *
   * @param library The library, which this process holds
   * @param signal Stops the entry under way, which then waits again
   */
  async work(library: Library, signal: AbortSignal): Promise<WorkedOff> {
    const { queue } = library.catalog;
    queue.recover();
    for (let ran = 0;; ran++) {
      settleCancelled(library);
      const entry = signal.aborted ? null : queue.claim(Deno.pid);
      if (entry === null) return { ran, obstacle: null };
      this.#options.onStart?.(entry);
      this.#options.onChange?.();
      const obstacle = await this.#run(library, entry, signal);
      this.#options.onChange?.();
      if (obstacle !== null) return { ran, obstacle };
    }
  }

  async #run(library: Library, entry: QueueEntry, signal: AbortSignal): Promise<Obstacle | null> {
    const { queue } = library.catalog;
    const { id } = entry;
    const stop = new AbortController();
    const progress = new EntryProgress();
    let seen = -1;
    const look = (): void => {
      const { revision } = queue;
      if (revision === seen) return;
      seen = revision;
      this.#throttle.set(queue.limits);
      const state = queue.entry(id)?.state ?? "cancelled";
      if (state !== "running") stop.abort(stopped(`entry ${id} of the queue was ${STOPPED[state] ?? "changed"}`));
      else if (queue.isPaused) stop.abort(stopped("the queue was paused"));
    };
    const onRun = (runId: number): void => {
      const memory = queue.memory(id) as PlanMemory | null ?? rememberPlan(library);
      queue.remember(id, { ...memory, runs: [...new Set([...memory.runs, runId])] });
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    this.#running = { id, progress, look };
    const either = AbortSignal.any([signal, stop.signal]);
    try {
      const { runEntry } = this.#options;
      const end = await runEntry(entry, {
        library,
        signal: either,
        throttle: this.#throttle,
        onEvent: (event) => progress.record(event),
        onCheck: (at) => progress.recordCheck(at),
        onRun,
      });
      if (either.aborted) queue.release(id);
      else if (end.type === "ended") queue.end(id, end.end);
      else queue.release(id, end);
      return either.aborted || end.type === "ended" ? null : end;
    } catch (error) {
      // A mistake of the program ends the entry too: it would come back for ever.
      if (either.aborted) queue.release(id);
      else queue.end(id, failed(error));
      if (!either.aborted && !(error instanceof KitError)) throw error;
      return null;
    } finally {
      clearInterval(timer);
      this.#running = null;
    }
  }
}

/** What was done to an entry that is stopped, by its state. */
const STOPPED: Readonly<Record<string, string>> = { paused: "paused", cancelled: "cancelled" };

function stopped(why: string): KitError {
  return new KitError("interrupted", `Stopped before completion: ${why}`);
}

function failed(error: unknown): QueueEnd {
  const { message, hint } = error instanceof KitError ? error : { message: String(error), hint: undefined };
  return { state: "failed", reason: message, hint: hint ?? null, counts: null, failures: [] };
}
