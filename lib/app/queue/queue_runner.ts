import {
  acquireLock,
  type Clock,
  type FileLock,
  findLockHolder,
  KitError,
  type LockHolder,
  messageOf,
  systemClock,
} from "../../base/mod.ts";
import type { Library, Throttle } from "../../downloader/mod.ts";
import {
  libraryLockPath,
  type ListedEntry,
  type Queue,
  type QueueEntry,
  type QueueFailure,
  type QueueLimits,
  queueLockPath,
  type QueueRequest,
} from "../../library/mod.ts";
import type { EntryReading } from "./entry_progress.ts";
import { QueueWorker, type QueueWorkerOptions } from "./queue_worker.ts";
import { SharedQueue } from "./shared_queue.ts";

/** Options of {@linkcode QueueRunner}. */
export interface QueueRunnerOptions extends Pick<QueueWorkerOptions, "runEntry"> {
  /** The library's folder, absolute. */
  readonly root: string;
  /** Whether the queue is only shown. */
  readonly isReadOnly: boolean;
  /** Limits of speed and connections, for all runs. */
  readonly throttle?: Throttle | undefined;
  /** Opens the library, and creates it if there is none yet. Waits while another process holds it. */
  readonly open: (options: { readonly signal: AbortSignal }) => Promise<Library>;
  /** Called with what may have changed, at most twice a second. */
  readonly onChange: (what: QueueChange) => void;
  /** Called with what keeps the queue from running. */
  readonly onWarning: (message: string) => void;
  /**
   * Time source.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** What has changed: anything of the queue, or only how far the running entry is. */
export type QueueChange = "queue" | "progress";

/** The queue as it is now. */
export interface QueueState {
  readonly revision: number;
  readonly isPaused: boolean;
  /** Another process that holds the library; `null` if none does. */
  readonly holder: LockHolder | null;
  readonly limits: QueueLimits;
  /** Number of entries that wait or are paused. */
  readonly waiting: number;
  /** Number of those that are not listed, from the front. */
  readonly from: number;
  /** What runs, then at most {@linkcode MAX_LISTED} of what waits, then what ended last. */
  readonly entries: readonly ListedEntry[];
  /** The entry that this process runs, and how far it is; `null` if it runs none. */
  readonly current: { readonly id: number; readonly progress: EntryReading } | null;
}

/** The entries that are listed, and how many wait. */
type ListedPart = Pick<QueueState, "waiting" | "entries">;

const NO_LIMITS: QueueLimits = { bytesPerSecond: null, connections: null };
/** Time between two looks at what other processes changed, in milliseconds. */
const LOOK_MS = 1000;
/** Minimum time between two reports of a change, in milliseconds. */
const REPORT_MS = 500;
/** Entries that wait, of those that are listed at once. */
const MAX_LISTED = 200;
/** Time after an obstacle until the next attempt, in milliseconds: doubled each time, up to the second. */
const FIRST_RETRY_MS = 30_000;
const LAST_RETRY_MS = 30 * 60_000;

/**
 * Runs the queue of a library for as long as a server does: one entry at a time, while no other process holds the
 * library. Of several servers of one library, one runs its queue.
 */
export class QueueRunner implements AsyncDisposable {
  readonly #options: QueueRunnerOptions;
  readonly #clock: Clock;
  readonly #shared: SharedQueue;
  readonly #worker: QueueWorker;
  readonly #stop = new AbortController();
  #running: Promise<void> | null = null;
  #wake = Promise.withResolvers<void>();
  #retryMs = 0;
  #retryAt = -Infinity;
  #seen = "";
  #seenPid: number | null = null;
  #isChanged = false;
  #reporting: ReturnType<typeof setTimeout> | undefined;
  /** What the last report was about, besides progress. */
  #reported = "";
  #listed: ({ readonly name: string } & ListedPart) | null = null;

  /** Run nothing yet; see {@linkcode QueueRunner.start}. */
  constructor(options: QueueRunnerOptions) {
    const { root, isReadOnly, open, runEntry, throttle, clock = systemClock } = options;
    this.#options = options;
    this.#clock = clock;
    this.#shared = new SharedQueue({
      root,
      isReadOnly,
      create: async () => (await open({ signal: this.#stop.signal }))[Symbol.dispose](),
    });
    this.#worker = new QueueWorker({ runEntry, throttle, onChange: () => this.#report() });
  }

  /** The entry that this process runs, and how far it is; `null` if it runs none. */
  get current(): QueueState["current"] {
    return this.#worker.current;
  }

  /** Begin to run the queue, until this is disposed, and to report changes of other processes. */
  start(): void {
    this.#running ??= Promise.all([this.#watch(), this.#options.isReadOnly ? undefined : this.#keep()]).then(() => {});
  }

  /**
   * The queue as it is now.
   *
   * @param options Number of waiting entries, from the front, that are not listed
   */
  async state({ from = 0 }: { readonly from?: number | undefined } = {}): Promise<QueueState> {
    const held = await findLockHolder(libraryLockPath(this.#options.root));
    const found = this.#shared.read((queue) => ({
      revision: queue.revision,
      isPaused: queue.isPaused,
      limits: queue.limits,
      ...this.#list(queue, { holderPid: held?.pid ?? null, from }),
    }));
    return {
      ...found ?? { revision: 0, isPaused: false, limits: NO_LIMITS, waiting: 0, entries: [] },
      from,
      holder: held === null || held.pid === Deno.pid ? null : held,
      current: this.#worker.current,
    };
  }

  /** The entries that run, of any process. */
  async running(): Promise<Pick<QueueState, "revision" | "entries" | "current">> {
    const holderPid = (await findLockHolder(libraryLockPath(this.#options.root)))?.pid ?? null;
    const found = this.#shared.read((queue) => ({
      revision: queue.revision,
      entries: queue.list({ holderPid, openCount: 0, endedCount: 0 }),
    }));
    return { ...found ?? { revision: 0, entries: [] }, current: this.#worker.current };
  }

  /** Return an entry as it is listed; `null` if there is none. */
  async entry(id: number): Promise<QueueEntry | null> {
    const held = await findLockHolder(libraryLockPath(this.#options.root));
    return this.#shared.read((queue) => queue.entry(id, { holderPid: held?.pid ?? null }));
  }

  /** What an entry did not get. */
  failures(id: number): readonly QueueFailure[] {
    return this.#shared.read((queue) => queue.failures(id)) ?? [];
  }

  /** Add an entry; see {@linkcode Queue.add}. */
  async add(request: QueueRequest): Promise<{ readonly entry: QueueEntry; readonly isNew: boolean }> {
    return await this.change((queue) => queue.add(request));
  }

  /** Change the queue, and let what runs follow at once. */
  async change<Result>(change: (queue: Queue) => Result): Promise<Result> {
    const result = await this.#shared.change(change);
    // Whoever changes the queue wants it to go on.
    this.#retryMs = 0;
    this.#retryAt = -Infinity;
    this.#worker.look();
    this.#wake.resolve();
    this.#report();
    return result;
  }

  /** Stop the entry under way, which goes on with the next start, and wait for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new KitError("interrupted", "Stopped before completion: the server was stopped"));
    this.#wake.resolve();
    await this.#running;
    clearTimeout(this.#reporting);
    this.#shared[Symbol.dispose]();
  }

  /** Report a change at once, and those that follow within {@linkcode REPORT_MS} together: small entries end quickly. */
  #report(): void {
    this.#isChanged = true;
    if (this.#reporting !== undefined || this.#stop.signal.aborted) return;
    this.#isChanged = false;
    const now = this.#read((queue) => `${this.#shared.file} ${queue.revision} ${this.#seenPid}`) ?? "";
    this.#options.onChange(now === this.#reported ? "progress" : "queue");
    this.#reported = now;
    this.#reporting = setTimeout(() => {
      this.#reporting = undefined;
      if (this.#isChanged) this.#report();
    }, REPORT_MS);
  }

  /** List the entries; the first ones are read again only after a change. */
  #list(queue: Queue, { holderPid, from }: { readonly holderPid: number | null; readonly from: number }): ListedPart {
    const name = `${this.#shared.file} ${queue.revision} ${holderPid} ${from}`;
    if (this.#listed?.name !== name) {
      const entries = queue.list({ holderPid, from, openCount: MAX_LISTED });
      this.#listed = { name, waiting: queue.countOpen({ holderPid }), entries };
    }
    const { waiting, entries } = this.#listed;
    return { waiting, entries };
  }

  /** Report changes of other processes, and the progress of this one. */
  async #watch(): Promise<void> {
    const { root } = this.#options;
    while (await this.#pause(LOOK_MS)) {
      const held = await findLockHolder(libraryLockPath(root)).catch(() => null);
      const revision = this.#read((queue) => queue.revision);
      this.#seenPid = held?.pid ?? null;
      const seen = `${revision} ${held?.pid}`;
      if (seen === this.#seen && this.#worker.current === null) continue;
      this.#seen = seen;
      this.#report();
    }
  }

  /** Wait; return whether to go on. */
  async #pause(ms: number): Promise<boolean> {
    await this.#clock.sleep(ms, { signal: this.#stop.signal }).catch(() => {});
    return !this.#stop.signal.aborted;
  }

  /** Hold the right to run the queue, again and again if the library is replaced. */
  async #keep(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const { file } = this.#shared;
      if (file !== null) await this.#guard(() => this.#keepFile(file));
      await this.#pause(LOOK_MS);
    }
  }

  /** Run the queue in one file of the catalog, until another is in its place. */
  async #keepFile(file: string): Promise<void> {
    const { signal } = this.#stop;
    using _keeper: FileLock = await acquireLock(queueLockPath(this.#options.root), {
      command: "serve",
      waitMs: Infinity,
      signal,
    });
    while (!signal.aborted && this.#shared.file === file) {
      if (this.#hasWork()) await this.#guard(() => this.#work());
      const woken = this.#wake.promise;
      await Promise.race([this.#pause(LOOK_MS), woken]);
      this.#wake = Promise.withResolvers();
    }
  }

  #hasWork(): boolean {
    if (this.#clock.monotonic() < this.#retryAt) return false;
    return this.#read((queue) =>
      queue.unsettled().length > 0 || (!queue.isPaused && queue.countWaiting({ holderPid: null }) > 0)
    ) ?? false;
  }

  async #work(): Promise<void> {
    const { signal } = this.#stop;
    using library = await this.#options.open({ signal });
    const { obstacle } = await this.#worker.work(library, signal);
    if (obstacle === null) this.#retryMs = 0;
    else this.#waitLonger(obstacle.reason);
  }

  /** Do something that must not end the runner, whatever happens to the library. */
  async #guard(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#waitLonger(messageOf(error));
    }
  }

  #waitLonger(reason: string): void {
    this.#retryMs = Math.min(LAST_RETRY_MS, Math.max(FIRST_RETRY_MS, 2 * this.#retryMs));
    this.#retryAt = this.#clock.monotonic() + this.#retryMs;
    this.#options.onWarning(`The queue waits: ${reason}`);
  }

  /** Read the queue; `null` while it cannot be read. Whoever asks for its state is told why. */
  #read<Result>(use: (queue: Queue) => Result): Result | null {
    try {
      return this.#shared.read(use);
    } catch (error) {
      if (error instanceof KitError) return null;
      throw error;
    }
  }
}
