import type { MetricLabels } from "../metric_snapshot.ts";

/** The increment of one series; a counter has no buckets, and its increment is `sum`. */
export interface Gain {
  readonly sum: number;
  readonly count: number;
  readonly buckets: readonly number[];
}

interface Slot {
  /** Time of the first increment in the slot. */
  from: number;
  /** Time of the latest increment in the slot. */
  time: number;
  sum: number;
  count: number;
  readonly buckets: number[];
}

/** Age up to which increments are stored per second, in milliseconds; older ones are stored per minute. */
const FINE_MS = 60 * 60_000;
const FINE_SLOT_MS = 1000;
const COARSE_SLOT_MS = 60_000;

/** The increments of one series over time; memory grows with the horizon, not with the number of lines. */
export class WindowSeries {
  readonly labels: MetricLabels;
  readonly #fine = new Map<number, Slot>();
  readonly #coarse = new Map<number, Slot>();

  constructor(labels: MetricLabels) {
    this.labels = labels;
  }

  /** Whether there are no increments, or all of them have been discarded. */
  get isEmpty(): boolean {
    return this.#fine.size + this.#coarse.size === 0;
  }

  add(time: number, gain: Gain, newest: number): void {
    const isFine = newest - time <= FINE_MS;
    put(isFine ? this.#fine : this.#coarse, isFine ? FINE_SLOT_MS : COARSE_SLOT_MS, time, gain);
  }

  /** Move increments older than an hour to one-minute slots, and discard those beyond the horizon. */
  dropOld(newest: number, horizonMs: number): void {
    for (const [key, slot] of this.#fine) {
      if (newest - slot.time <= Math.min(FINE_MS, horizonMs)) continue;
      this.#fine.delete(key);
      put(this.#coarse, COARSE_SLOT_MS, slot.time, slot, slot.from);
    }
    for (const [key, slot] of this.#coarse) if (newest - slot.time > horizonMs) this.#coarse.delete(key);
  }

  /**
   * The increment in the period `after < time <= until`. A slot that is only partly in this period counts as a whole: a
   * process with a clock that is a little ahead must not hide what happened until now.
   */
  between(after: number, until: number): Gain {
    const total = { sum: 0, count: 0, buckets: [] as number[] };
    for (const slots of [this.#fine, this.#coarse]) {
      for (const slot of slots.values()) if (slot.time > after && slot.from <= until) gather(total, slot);
    }
    return total;
  }
}

function put(slots: Map<number, Slot>, slotMs: number, time: number, gain: Gain, from = time): void {
  const key = Math.floor(time / slotMs);
  const slot = slots.get(key) ?? { from, time, sum: 0, count: 0, buckets: [] };
  slot.from = Math.min(slot.from, from);
  slot.time = Math.max(slot.time, time);
  gather(slot, gain);
  slots.set(key, slot);
}

/** Add a gain to a total, bucket by bucket. */
export function gather(total: { sum: number; count: number; readonly buckets: number[] }, gain: Gain): void {
  total.sum += gain.sum;
  total.count += gain.count;
  for (const [index, amount] of gain.buckets.entries()) total.buckets[index] = (total.buckets[index] ?? 0) + amount;
}
