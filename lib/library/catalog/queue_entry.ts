/** What an entry of the queue does. */
export type QueueKind = "download" | "update" | "verify" | "repair";

/**
 * State of an entry. `waiting` and `paused` ones are still to run; a `running` one whose process is gone counts as
 * `waiting`.
 */
export type QueueState = "waiting" | "running" | "paused" | "done" | "failed" | "cancelled";

/** What is left out by name, although a target includes it. */
export interface ExceptedIds {
  /** Ids of models. */
  readonly models: readonly number[];
  /** Ids of versions. */
  readonly versions: readonly number[];
  /** Keys of files, such as `file:2:3`. */
  readonly files: readonly string[];
}

/** What somebody asks for. */
export interface QueueRequest {
  /** What to do. */
  readonly kind: QueueKind;
  /** What it is called in a list. */
  readonly title: string;
  /** Targets, as words or as any JSON values that whoever runs the entry understands. */
  readonly targets: readonly unknown[];
  /** Fields of a choice that replace the usual ones, any JSON value; `null` for none. */
  readonly choice: unknown;
  /** What to leave out; `null` for nothing. */
  readonly except: ExceptedIds | null;
  /** A word that makes the request once only; `null` if it may be made again. */
  readonly key: string | null;
}

/** What an entry achieved, in files. */
export interface QueueCounts {
  /** Files that it fetched; of a check, those that are intact. */
  readonly done: number;
  /** Files that were there already; of a repair, those that were intact. */
  readonly there: number;
  /** Files that failed, or were found to be broken. */
  readonly failed: number;
  /** Files that Civitai does not give out. */
  readonly refused: number;
}

/** A file or target that an entry did not get. */
export interface QueueFailure {
  /** Whether it failed, or Civitai does not give it out. */
  readonly kind: "failed" | "refused";
  /** Path of the file, relative to the library, or the name of the target. */
  readonly path: string;
  /** How it ended, such as `failed`. */
  readonly outcome: string;
  /** What is wrong. */
  readonly message: string;
  /** What to do; `null` if nothing is known. */
  readonly hint: string | null;
  /** The model that it is of; `null` if it is of none, or of one that the library does not know. */
  readonly model: { readonly id: number; readonly name: string } | null;
}

/** How an entry ended. */
export interface QueueEnd {
  /** Whether all went well. */
  readonly state: "done" | "failed";
  /** What is wrong, one sentence; `null` if nothing is. */
  readonly reason: string | null;
  /** What to do about it; `null` if nothing is known. */
  readonly hint: string | null;
  /** `null` if it ended before anything was counted. */
  readonly counts: QueueCounts | null;
  /** What it did not get; at most a thousand are kept. */
  readonly failures: readonly QueueFailure[];
}

/** A row of the queue. Times are milliseconds since the epoch. */
export interface QueueEntry extends Omit<QueueRequest, "key"> {
  /** Number of the entry, which is never given again. */
  readonly id: number;
  /** Where it stands. */
  readonly state: QueueState;
  /** When it was added. */
  readonly addedAt: number;
  /** When it was first started; `null` before. */
  readonly startedAt: number | null;
  /** When it was done, had failed or was cancelled; `null` before. */
  readonly endedAt: number | null;
  /** Process that runs it; `null` if none does. */
  readonly pid: number | null;
  /** What is wrong, one sentence; `null` if nothing is. */
  readonly reason: string | null;
  /** What to do about it; `null` if nothing is known. */
  readonly hint: string | null;
  /** What it achieved; `null` before its end. */
  readonly counts: QueueCounts | null;
}

/** An entry as it is listed, without what only its run needs. */
export type ListedEntry = Omit<QueueEntry, "choice" | "except">;

/** Limits of the runs of a queue, for the run under way and all later ones. */
export interface QueueLimits {
  /** Bytes per second of all transfers together; `null` for the usual limit. */
  readonly bytesPerSecond: number | null;
  /** Connections to one host; `null` for the usual number. */
  readonly connections: number | null;
}

/** Options of {@linkcode Queue.list}. */
export interface ListQueueOptions {
  /** Process that holds the library; `null` if none does. Entries that another one ran count as waiting. */
  readonly holderPid: number | null;
  /**
   * Number of entries that wait or are paused, from the front, that are not listed.
   *
   * @default {0}
   */
  readonly from?: number | undefined;
  /** Maximum number of entries that wait or are paused; absent means all. */
  readonly openCount?: number | undefined;
  /**
   * Maximum number of entries that have ended.
   *
   * @default {200}
   */
  readonly endedCount?: number | undefined;
}

/**
 * The queue of a library. Processes that do not hold the library's lock may add and change entries too: each method is
 * one short transaction. Only the holder of the lock starts entries and ends them.
 *
 * An entry is paused and cancelled by its state alone: the process that runs it reads the state, and stops.
 */
export interface Queue {
  /** Number of changes so far, of all processes. */
  readonly revision: number;
  /** Whether no entry is started; survives the process. */
  isPaused: boolean;
  /** Limits of the runs; they survive the process. */
  limits: QueueLimits;
  /**
   * Add an entry behind all others.
   *
   * @param request What to do; one whose key is known adds nothing
   * @returns The entry, or that of the earlier request, and whether it is new
   */
  add(request: QueueRequest): { readonly entry: QueueEntry; readonly isNew: boolean };
  /**
   * Return an entry; `null` if it is unknown.
   *
   * @param options The process that holds the library, as for {@linkcode Queue.list}; if absent, a running entry is taken
   * for one
   */
  entry(id: number, options?: Pick<ListQueueOptions, "holderPid">): QueueEntry | null;
  /** List the running entries, then the waiting and the paused ones in their order, then the last ended ones. */
  list(options: ListQueueOptions): readonly ListedEntry[];
  /** Count the entries that wait or are paused, with those that are left running. */
  countOpen(options: Pick<ListQueueOptions, "holderPid">): number;
  /** Count the entries that wait, with those that are left running. */
  countWaiting(options: Pick<ListQueueOptions, "holderPid">): number;
  /** What an entry did not get. */
  failures(id: number): readonly QueueFailure[];
  /** Let an entry wait again that its process left running. Only for the holder of the library's lock. */
  recover(): void;
  /**
   * Start the next entry. Only for the holder of the library's lock.
   *
   * @param pid The process that runs it
   * @returns The entry, now `running`; `null` if none waits, or the queue is paused
   */
  claim(pid: number): QueueEntry | null;
  /**
   * End a running entry. One that was paused or cancelled meanwhile stays so.
   *
   * @returns The entry
   */
  end(id: number, end: QueueEnd): QueueEntry | null;
  /**
   * Let a running entry wait again at its place, if nobody has paused or cancelled it.
   *
   * @param why What keeps it from running, for whoever looks at the queue; nothing if absent
   */
  release(id: number, why?: Pick<QueueEntry, "reason" | "hint">): void;
  /**
   * Make an entry the next one. It interrupts no other.
   *
   * @returns The entry
   * @throws {KitError} `unsafe` unless it waits or is paused
   */
  first(id: number): QueueEntry;
  /**
   * Pause an entry that waits or runs.
   *
   * @returns The entry
   * @throws {KitError} `unsafe` in another state
   */
  pause(id: number): QueueEntry;
  /**
   * Let a paused entry wait again.
   *
   * @returns The entry
   * @throws {KitError} `unsafe` in another state
   */
  resume(id: number): QueueEntry;
  /**
   * Cancel an entry that waits, runs or is paused.
   *
   * @returns The entry
   * @throws {KitError} `unsafe` in another state
   */
  cancel(id: number): QueueEntry;
  /**
   * Let a failed or cancelled entry wait again, behind all others.
   *
   * @returns The entry
   * @throws {KitError} `unsafe` in another state
   */
  retry(id: number): QueueEntry;
  /** The memory of an entry of what it planned, any JSON value; `null` if there is none. */
  memory(id: number): unknown;
  /** Replace the memory of an entry; `null` forgets it. */
  remember(id: number, memory: unknown): void;
  /** Return the cancelled entries that still have a memory: what they planned has to be withdrawn. */
  unsettled(): readonly QueueEntry[];
}
