import { type BreakerState, freshBreaker } from "../breaker/breaker_state.ts";
import type { BreakerStep } from "../breaker/breaker_step.ts";
import type { FailsafeChange, FailsafeEvent } from "../failsafe_event.ts";
import type { ModeState } from "../ladder/mode_state.ts";
import { SlidingWindow } from "../breaker/sliding_window.ts";
import type { WindowCall } from "../breaker/window_counts.ts";

/** A breaker, its calls, and what other processes know of them. */
export interface ViewEntry {
  state: BreakerState;
  usedAt: number;
  /** When bytes last arrived, milliseconds since the epoch; `null` if none did. */
  flowedAt: number | null;
  /** When a call last failed or was refused, milliseconds since the epoch; `null` if none was. */
  deniedAt: number | null;
  /** Whether the entry exists only because of a manual command: no call was made or requested. */
  isByHand: boolean;
  window: SlidingWindow;
  /** Calls that this process added to the window and has not written yet; `null` if there are none. */
  pending: SlidingWindow | null;
  /** Whether this process moved the breaker and has not written that yet. */
  isUnsaved: boolean;
  /** The later of `flowedAt` and `deniedAt` when the file was last read or written. */
  sharedAt: number | null;
}

/** Content of a state file. */
export interface Document {
  readonly lastEvent: number;
  readonly events: readonly FailsafeEvent[];
  readonly mode: ModeState;
  readonly calls: SlidingWindow;
  readonly breakers: ReadonlyMap<
    string,
    Pick<ViewEntry, "state" | "usedAt" | "flowedAt" | "deniedAt" | "isByHand" | "window">
  >;
}

/** Number of events to keep. */
const KEPT_EVENTS = 32;
/** Number of breakers to keep. Those that are not closed or were used within the last hour are always kept. */
const KEPT_BREAKERS = 256;
const HOUR_MS = 3_600_000;
/** Minimum time between two writes because of received bytes and refused calls, in milliseconds. */
const NEWS_MS = 10_000;

/** The shared state as this process knows it: the file as last read, plus what this process has added since. */
export class SharedState {
  mode: ModeState;
  calls = new SlidingWindow();
  lastEvent = 0;
  events: FailsafeEvent[] = [];
  readonly breakers = new Map<string, ViewEntry>();
  #pendingCalls: SlidingWindow | null = null;

  constructor(mode: ModeState) {
    this.mode = mode;
  }

  /** Whether this process has something to write that other processes do not know yet. */
  get hasPending(): boolean {
    return this.#pendingCalls !== null ||
      this.breakers.values().some((entry) => entry.pending !== null || entry.isUnsaved || hasNews(entry));
  }

  entry(key: string, now: number): ViewEntry {
    const known = this.breakers.get(key);
    if (known !== undefined) return known;
    this.#evictIdle(now);
    const entry: ViewEntry = {
      state: freshBreaker(now),
      usedAt: now,
      flowedAt: null,
      deniedAt: null,
      isByHand: false,
      window: new SlidingWindow(),
      pending: null,
      isUnsaved: false,
      sharedAt: null,
    };
    this.breakers.set(key, entry);
    return entry;
  }

  addCall(entry: ViewEntry, now: number, call: WindowCall): void {
    entry.window.add(now, call);
    entry.pending ??= new SlidingWindow();
    entry.pending.add(now, call);
  }

  addToMode(now: number, call: WindowCall): void {
    this.calls.add(now, call);
    this.#pendingCalls ??= new SlidingWindow();
    this.#pendingCalls.add(now, call);
  }

  /**
   * Apply the step of a breaker. A transition clears its window, because earlier calls say nothing about the new state.
   */
  move(key: string, entry: ViewEntry, step: BreakerStep): readonly FailsafeChange[] {
    const isNewRound = step.state.round !== entry.state.round;
    entry.state = step.state;
    if (isNewRound) {
      entry.window = new SlidingWindow();
      entry.pending = null;
      entry.isUnsaved = true;
    }
    return step.changes.map((change) => ({ type: "breaker", key, ...change }));
  }

  /** Load what other processes wrote, and merge what this process has not written yet. */
  load(document: Document, now: number): void {
    const { mode, calls, events, lastEvent, breakers } = document;
    const troubleAt = Math.max(mode.troubleAt ?? -Infinity, this.mode.troubleAt ?? -Infinity);
    if (mode.since !== this.mode.since) this.mode = mode;
    else {
      // What this process has observed since the last step is newer than the file.
      const { silence } = this.mode;
      this.mode = { ...mode, silence, troubleAt: troubleAt > -Infinity ? troubleAt : mode.troubleAt };
    }
    this.calls = calls;
    this.events = [...events];
    this.lastEvent = lastEvent;
    if (this.#pendingCalls !== null) this.calls.merge(this.#pendingCalls, now);
    for (const [key, { state, usedAt, flowedAt, deniedAt, isByHand, window }] of breakers) {
      const known = this.breakers.get(key);
      // The file could not be written at that time, for example because the disk was full.
      if (known?.isUnsaved && known.state.since > state.since) continue;
      const pending = known !== undefined && known.state.round === state.round ? known.pending : null;
      if (pending !== null) window.merge(pending, now);
      this.breakers.set(key, {
        state,
        window,
        pending,
        isUnsaved: false,
        isByHand: isByHand && (known?.isByHand ?? true),
        usedAt: Math.max(usedAt, known?.usedAt ?? usedAt),
        flowedAt: later(flowedAt, known?.flowedAt),
        deniedAt: later(deniedAt, known?.deniedAt),
        sharedAt: later(flowedAt, deniedAt),
      });
    }
    for (const [key, entry] of this.breakers) {
      // Another process has removed it.
      if (!breakers.has(key) && entry.state.round > 0 && !entry.isUnsaved) this.breakers.delete(key);
    }
  }

  /** Give changes an id and a time, and append them to the kept events. */
  stamp(changes: readonly FailsafeChange[], now: number): readonly FailsafeEvent[] {
    const time = new Date(now).toISOString();
    const events = changes.map((change) => ({ id: ++this.lastEvent, time, ...change }));
    this.events = [...this.events, ...events].slice(-KEPT_EVENTS);
    return events;
  }

  /** Mark everything as written. */
  settle(): void {
    this.#pendingCalls = null;
    for (const entry of this.breakers.values()) {
      entry.pending = null;
      entry.isUnsaved = false;
      entry.sharedAt = later(entry.flowedAt, entry.deniedAt);
    }
  }

  #evictIdle(now: number): void {
    if (this.breakers.size < KEPT_BREAKERS) return;
    for (const [key, { state, usedAt, pending }] of this.breakers) {
      if (state.phase === "closed" && pending === null && now - usedAt > HOUR_MS) this.breakers.delete(key);
    }
  }
}

/** Whether received bytes or refused calls are worth a write. */
function hasNews({ flowedAt, deniedAt, sharedAt }: ViewEntry): boolean {
  const newest = later(flowedAt, deniedAt);
  return newest !== null && newest - (sharedAt ?? -Infinity) >= NEWS_MS;
}

function later(first: number | null, second: number | null | undefined): number | null {
  if (first === null || second === null || second === undefined) return first ?? second ?? null;
  return Math.max(first, second);
}
