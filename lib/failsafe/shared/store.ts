import { cleanText, type Clock, KitError } from "../../base/mod.ts";
import { parseDocument, renderDocument } from "./document.ts";
import type { HeldFile, SharedFile } from "./shared_file.ts";
import { EventReporter, type EventReporterSettings, messageOf } from "./_event_reporter.ts";
import type { Document, SharedState } from "./shared_state.ts";
import type { FailsafeChange } from "../failsafe_event.ts";

/** Options of {@linkcode Store}. */
export interface StoreSettings extends EventReporterSettings {
  /** The state file; `null` keeps the state in memory. */
  readonly file: SharedFile | null;
  readonly view: SharedState;
  readonly clock: Clock;
  readonly durable: boolean;
  readonly lockWaitMs: number;
}

/** A decision on the newest state, made under the lock; returns its transitions. */
export type Work = (now: number) => readonly FailsafeChange[];

/** Minimum time between two checks for writes by other processes, in milliseconds. */
const CHECK_MS = 250;
/** Minimum time between two writes of the counts of this process, in milliseconds. */
const MERGE_MS = 1000;
/** After a timeout, time during which not to wait for the lock again, in milliseconds: its holder may be suspended. */
const BUSY_MS = 2000;
/** End of the warnings that the file cannot be used. */
const ALONE = "the state is not shared with other processes";

/** Keeps the view of this process in sync with the state file; all decisions are made under the lock. */
export class Store {
  readonly #settings: StoreSettings;
  readonly #reporter: EventReporter;
  /** Text of the file at the last load or write; `null` if there was none. */
  #known: string | null = null;
  #checkedAt = -Infinity;
  #mergedAt: number;
  #busyUntil = -Infinity;
  #isWorking = false;
  /** Whether the file was written by a newer version of the program. It is then no longer read or written. */
  #isForeign = false;
  readonly #late: Work[] = [];

  constructor(settings: StoreSettings) {
    this.#settings = settings;
    this.#reporter = new EventReporter(settings);
    this.#mergedAt = settings.clock.monotonic();
  }

  /** Whether a transaction is in progress, which means that the caller is an observer. */
  get isWorking(): boolean {
    return this.#isWorking;
  }

  /** Current time in whole milliseconds since the epoch. */
  now(): number {
    return Math.round(this.#settings.clock.now());
  }

  /** Load what other processes wrote, at most every `CHECK_MS`. */
  refresh(): void {
    const { file, clock, view } = this.#settings;
    const now = clock.monotonic();
    if (file === null || this.#isForeign || this.#isWorking || now - this.#checkedAt < CHECK_MS) return;
    this.#checkedAt = now;
    if (this.#late.length > 0) return void this.transact(noChanges, { waitMs: 0 });
    if (!file.hasChanged()) return;
    try {
      const text = file.read();
      if (text === null || text === this.#known) return;
      const { lastEvent } = view;
      view.load(parseDocument(text, file.path), this.now());
      this.#known = text;
      // The process that made the new events may have no observer.
      if (this.#reporter.hasObserver && view.lastEvent > lastEvent) this.transact(noChanges, { waitMs: 0 });
    } catch {
      // The problem is diagnosed and repaired under the lock.
      this.transact(noChanges);
    }
  }

  /** Write the counts of this process, at most every `MERGE_MS`. */
  mergeIfDue(): void {
    const { file, clock, view } = this.#settings;
    if (file === null || clock.monotonic() - this.#mergedAt < MERGE_MS || !view.hasPending) return;
    this.#mergedAt = clock.monotonic();
    this.transact(noChanges, { waitMs: 0 });
  }

  /** Write the remaining counts and late work, if there are any. */
  finish(waitMs: number): void {
    if (this.#settings.view.hasPending || this.#late.length > 0) this.transact(noChanges, { waitMs });
  }

  /** Do work that may be done late: at once if possible, otherwise with the next transaction. */
  transactLate(work: Work): void {
    if (!this.transact(work)) this.#late.push(work);
  }

  /**
   * Make a decision on the newest state. If the file cannot be locked because of an error, decide on the view alone.
   *
   * @param work The decision; changes the view
   * @param options How long to wait for the lock in milliseconds, and whether a state that a newer version of the
   * program wrote is an error
   * @returns False if nothing was done, because another process held the lock for too long or an observer called this
   * @throws {KitError} `usage` if a newer version of the program wrote the state and `isFirst` is set
   */
  transact(work: Work, options: { readonly waitMs?: number; readonly isFirst?: boolean } = {}): boolean {
    const { file, clock, lockWaitMs } = this.#settings;
    const { waitMs, isFirst = false } = options;
    // An observer must not start a transaction within the one that calls it.
    if (this.#isWorking) return false;
    if (file === null || this.#isForeign) return this.#work(null, work);
    if (waitMs === undefined && clock.monotonic() < this.#busyUntil) return false;
    let held: HeldFile | null;
    try {
      held = file.hold(waitMs ?? lockWaitMs);
    } catch (error) {
      this.#reporter.warn(`Cannot lock "${file.path}": ${messageOf(error)}; ${ALONE}`, "lock");
      return this.#work(null, work);
    }
    if (held === null) {
      // Only a default wait that timed out suspends waiting; a call with `waitMs: 0` did not wait at all.
      if (waitMs === undefined) this.#busyUntil = clock.monotonic() + BUSY_MS;
      return false;
    }
    try {
      this.#load(held, isFirst);
      return this.#work(this.#isForeign ? null : held, work);
    } finally {
      held[Symbol.dispose]();
    }
  }

  #work(held: HeldFile | null, work: Work): boolean {
    const { view, clock } = this.#settings;
    this.#isWorking = true;
    try {
      if (held !== null) this.#reporter.reportLeftOvers(view, held);
      const now = this.now();
      const changes = [...this.#late.splice(0), work].flatMap((each) => each(now));
      const events = view.stamp(changes, now);
      if (held === null) view.settle();
      else this.#save(held, events[0]?.id);
      this.#mergedAt = clock.monotonic();
      this.#reporter.report(events, held);
    } finally {
      this.#isWorking = false;
    }
    return true;
  }

  #load(held: HeldFile, isFirst: boolean): void {
    const { view, clock, file } = this.#settings;
    this.#checkedAt = clock.monotonic();
    try {
      const text = held.read();
      if (text !== this.#known) {
        const document = text === null ? null : this.#parse(text, held, isFirst);
        this.#known = document === null ? null : text;
        if (document !== null) view.load(document, this.now());
      }
    } catch (error) {
      if (error instanceof KitError) throw error;
      this.#reporter.warn(`Cannot read "${file!.path}": ${messageOf(error)}`);
    }
    // Event ids continue even if the state is new.
    if (this.#known === null) view.lastEvent = Math.max(view.lastEvent, held.readNote() ?? 0);
  }

  #parse(text: string, held: HeldFile, isFirst: boolean): Document | null {
    const { path } = this.#settings.file!;
    try {
      return parseDocument(text, path);
    } catch (error) {
      if (error instanceof KitError) {
        if (isFirst) throw error;
        this.#isForeign = true;
        this.#reporter.warn(`${error.message}; ${ALONE}`);
        return null;
      }
      if (!(error instanceof SyntaxError)) throw error;
      this.#reporter.warn(
        `Cannot read "${path}": ${cleanText(error.message)}; moved to "${held.putAside()}", started with a new state`,
      );
      return null;
    }
  }

  #save(held: HeldFile, firstId: number | undefined): void {
    const { view, durable, file } = this.#settings;
    const text = renderDocument(view);
    if (text === this.#known) return;
    try {
      // Record a number before the first event. Otherwise no process could detect that the event was not reported.
      if (firstId !== undefined && held.readNote() === null) held.writeNote(firstId - 1);
      held.write(text, { sync: durable && firstId !== undefined });
      this.#known = text;
      view.settle();
      this.#reporter.forget("write");
    } catch (error) {
      this.#reporter.warn(`Cannot write "${file!.path}": ${messageOf(error)}; ${ALONE}`, "write");
    }
  }
}

function noChanges(): readonly FailsafeChange[] {
  return [];
}
