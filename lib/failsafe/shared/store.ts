import { type Clock, KitError } from "../../base/mod.ts";
import { parseDocument, renderDocument } from "./_document.ts";
import type { HeldFile, SharedFile } from "./shared_file.ts";
import { messageOf, Teller, type TellerSettings } from "./_teller.ts";
import type { Document, View } from "./view.ts";
import type { FailsafeChange } from "../failsafe_event.ts";

/** What a store needs. */
export interface StoreSettings extends TellerSettings {
  /** `null` keeps all in memory. */
  readonly file: SharedFile | null;
  readonly view: View;
  readonly clock: Clock;
  readonly durable: boolean;
  readonly lockWaitMs: number;
}

/** Something that is decided on the newest state, under the lock. */
export type Work = (now: number) => readonly FailsafeChange[];

/** Look so often whether others wrote, in milliseconds. */
const LOOK_MS = 250;
/** Tell others so often what was counted here, in milliseconds. */
const MERGE_MS = 1000;
/** Do not wait so soon again for a lock that was held for too long, in milliseconds: its holder may be stopped. */
const BUSY_MS = 2000;
/** What follows when the file is of no use. */
const ALONE = "what is learnt stays in this process";

/** Holds the state of a process and keeps it in step with the file: all that is decided is decided under the lock. */
export class Store {
  readonly #settings: StoreSettings;
  readonly #teller: Teller;
  /** The text that the view knows. */
  #known: string | null = null;
  #lookedAt = -Infinity;
  #mergedAt: number;
  #busyUntil = -Infinity;
  #isWorking = false;
  /** The file belongs to a newer program. */
  #isForeign = false;
  readonly #late: Work[] = [];

  constructor(settings: StoreSettings) {
    this.#settings = settings;
    this.#teller = new Teller(settings);
    this.#mergedAt = settings.clock.monotonic();
  }

  /** Milliseconds since the epoch, whole. */
  now(): number {
    return Math.round(this.#settings.clock.now());
  }

  /** Take over what others wrote, if it is time to look. */
  refresh(): void {
    const { file, clock, view } = this.#settings;
    const at = clock.monotonic();
    if (file === null || this.#isForeign || this.#isWorking || at - this.#lookedAt < LOOK_MS) return;
    this.#lookedAt = at;
    if (this.#late.length > 0) return void this.transact(nothing, { waitMs: 0 });
    if (!file.hasChanged()) return;
    try {
      const text = file.read();
      if (text === null || text === this.#known) return;
      const { lastEvent } = view;
      view.load(parseDocument(text, file.path), this.now());
      this.#known = text;
      // Whoever made it may have had nobody to tell.
      if (this.#teller.hasObserver && view.lastEvent > lastEvent) this.transact(nothing, { waitMs: 0 });
    } catch {
      // What is wrong with it is found out, and mended, under the lock.
      this.transact(nothing);
    }
  }

  /** Tell others what was counted here, if it is time. */
  mergeIfDue(): void {
    const { file, clock, view } = this.#settings;
    if (file === null || clock.monotonic() - this.#mergedAt < MERGE_MS || !view.hasPending) return;
    this.#mergedAt = clock.monotonic();
    this.transact(nothing, { waitMs: 0 });
  }

  /** Tell others the rest, if there is any. */
  finish(waitMs: number): void {
    if (this.#settings.view.hasPending || this.#late.length > 0) this.transact(nothing, { waitMs });
  }

  /** Do what can be late, at once or with the next transaction. */
  transactLate(work: Work): void {
    if (!this.transact(work)) this.#late.push(work);
  }

  /**
   * Decide something on the newest state.
   *
   * @param work What to decide; changes the view
   * @param options How long to wait for others, and whether a state of a newer program is an error
   * @returns False when another process held the lock for too long: then nothing was done
   * @throws {KitError} `usage` if a newer program wrote the state and `isFirst` is set
   */
  transact(work: Work, options: { readonly waitMs?: number; readonly isFirst?: boolean } = {}): boolean {
    const { file, clock, lockWaitMs } = this.#settings;
    const { waitMs, isFirst = false } = options;
    // An observer that asks for something while it is told has to wait for its turn.
    if (this.#isWorking) return false;
    if (file === null || this.#isForeign) return this.#work(null, work);
    if (waitMs === undefined && clock.monotonic() < this.#busyUntil) return false;
    let held: HeldFile | null;
    try {
      held = file.hold(waitMs ?? lockWaitMs);
    } catch (error) {
      this.#teller.warn(`Cannot lock "${file.path}": ${messageOf(error)}; ${ALONE}`, "lock");
      return this.#work(null, work);
    }
    if (held === null) {
      // Who did not wait has not learnt that waiting is of no use.
      if (waitMs === undefined) this.#busyUntil = clock.monotonic() + BUSY_MS;
      return false;
    }
    using lock = held;
    this.#load(lock, isFirst);
    return this.#work(this.#isForeign ? null : lock, work);
  }

  #work(held: HeldFile | null, work: Work): boolean {
    const { view, clock } = this.#settings;
    this.#isWorking = true;
    try {
      if (held !== null) this.#teller.tellLeftOvers(view, held);
      const now = this.now();
      const changes = [...this.#late.splice(0), work].flatMap((each) => each(now));
      const events = view.stamp(changes, now);
      if (held === null) view.settle();
      else this.#save(held, events[0]?.id);
      this.#mergedAt = clock.monotonic();
      this.#teller.tell(events, held);
    } finally {
      this.#isWorking = false;
    }
    return true;
  }

  #load(held: HeldFile, isFirst: boolean): void {
    const { view, clock, file } = this.#settings;
    this.#lookedAt = clock.monotonic();
    try {
      const text = held.read();
      if (text !== this.#known) {
        const document = text === null ? null : this.#parse(text, held, isFirst);
        this.#known = document === null ? null : text;
        if (document !== null) view.load(document, this.now());
      }
    } catch (error) {
      if (error instanceof KitError) throw error;
      this.#teller.warn(`Cannot read "${file!.path}": ${messageOf(error)}`);
    }
    // The numbers of events go on, also when the state is a fresh one.
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
        this.#teller.warn(`${error.message}; ${ALONE}`);
        return null;
      }
      if (!(error instanceof SyntaxError)) throw error;
      this.#teller.warn(`Cannot read "${path}": ${error.message}; put aside as "${held.putAside()}", begun anew`);
      return null;
    }
  }

  #save(held: HeldFile, firstId: number | undefined): void {
    const { view, durable, file } = this.#settings;
    const text = renderDocument(view);
    if (text === this.#known) return;
    try {
      // A first event needs a number before it, or nobody could say that it was not told.
      if (firstId !== undefined && held.readNote() === null) held.writeNote(firstId - 1);
      held.write(text, { sync: durable && firstId !== undefined });
      this.#known = text;
      view.settle();
      this.#teller.forget("write");
    } catch (error) {
      this.#teller.warn(`Cannot write "${file!.path}": ${messageOf(error)}; ${ALONE}`, "write");
    }
  }
}

function nothing(): readonly FailsafeChange[] {
  return [];
}
