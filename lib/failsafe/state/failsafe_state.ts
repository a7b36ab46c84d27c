import { type BreakerRecord, freshBreaker } from "./breaker_record.ts";
import type { BreakerStep } from "./breaker_step.ts";
import type { FailsafeChange, FailsafeEvent } from "../failsafe_event.ts";
import type { ModeState } from "./mode_state.ts";
import { SlidingWindow } from "./sliding_window.ts";

/** A breaker and its calls. */
export interface BreakerEntry {
  record: BreakerRecord;
  usedAt: number;
  /** When bytes last arrived, milliseconds since the epoch; `null` if none did. */
  flowedAt: number | null;
  /** When a call last failed or was refused, milliseconds since the epoch; `null` if none was. */
  deniedAt: number | null;
  /** Whether the entry exists only because of a manual command: no call was made or requested. */
  isByHand: boolean;
  window: SlidingWindow;
}

/** Content of a state file. */
export interface Document {
  readonly events: readonly FailsafeEvent[];
  readonly mode: ModeState;
  readonly calls: SlidingWindow;
  readonly breakers: ReadonlyMap<string, BreakerEntry>;
}

/** Number of events to keep. */
const KEPT_EVENTS = 32;
/** Number of breakers to keep. Those that are not closed or were used within the last hour are always kept. */
const KEPT_BREAKERS = 256;
const HOUR_MS = 3_600_000;

/** The mode, the breakers and their recent calls. */
export class FailsafeState implements Document {
  mode: ModeState;
  calls = new SlidingWindow();
  events: readonly FailsafeEvent[] = [];
  readonly breakers = new Map<string, BreakerEntry>();

  constructor(mode: ModeState) {
    this.mode = mode;
  }

  load({ mode, calls, events, breakers }: Document): void {
    this.mode = mode;
    this.calls = calls;
    this.events = events;
    for (const [key, entry] of breakers) this.breakers.set(key, entry);
  }

  /** Free the places of running probes, for example those of a process that was killed. */
  forgetProbes(): void {
    for (const entry of this.breakers.values()) entry.record = { ...entry.record, probes: [] };
  }

  entry(key: string, now: number): BreakerEntry {
    const known = this.breakers.get(key);
    if (known !== undefined) return known;
    this.#evictIdle(now);
    const entry: BreakerEntry = {
      record: freshBreaker(now),
      usedAt: now,
      flowedAt: null,
      deniedAt: null,
      isByHand: false,
      window: new SlidingWindow(),
    };
    this.breakers.set(key, entry);
    return entry;
  }

  /**
   * Apply the step of a breaker. A transition clears its window, because earlier calls say nothing about the new state.
   */
  move(key: string, step: BreakerStep, now: number): readonly FailsafeChange[] {
    const entry = this.entry(key, now);
    if (step.record.round !== entry.record.round) entry.window = new SlidingWindow();
    entry.record = step.record;
    return step.changes.map((change) => ({ type: "breaker", key, ...change }));
  }

  /** Give changes a time, and append them to the kept events. */
  stamp(changes: readonly FailsafeChange[], now: number): readonly FailsafeEvent[] {
    const time = new Date(now).toISOString();
    const events = changes.map((change) => ({ time, ...change }));
    this.events = [...this.events, ...events].slice(-KEPT_EVENTS);
    return events;
  }

  #evictIdle(now: number): void {
    if (this.breakers.size < KEPT_BREAKERS) return;
    for (const [key, { record, usedAt }] of this.breakers) {
      if (record.state === "closed" && now - usedAt > HOUR_MS) this.breakers.delete(key);
    }
  }
}
