/** What is known of a disk and its writers at one moment. */
export interface DiskSample {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Bytes that can still be written. */
  readonly freeBytes: number;
  /** Bytes that the downloading processes have written since some moment before the first sample. */
  readonly ownBytes: number;
}

/** What {@linkcode DiskTrend.secondsUntil} needs besides the samples. */
export interface DiskOutlook {
  /** Bytes that must stay free. */
  readonly reserveBytes: number;
  /** Bytes that the runs under way still have to write. */
  readonly plannedBytes: number;
}

/** How far back the rate is measured: shorter, and a single copy would look like a trend. */
const WINDOW_MS = 15 * 60_000;
/** Before this, the rate is a guess. */
const MIN_SPAN_MS = 5 * 60_000;
const SAMPLE_MS = 30_000;
/** Slower than this, in bytes per second, logs and caches of the system grow on any disk. */
const MIN_RATE = 16 * 1024;
/** Further ahead, no rate of a quarter of an hour says anything. */
const HORIZON_S = 7 * 86_400;

/**
 * Estimates when a disk will be at its reserve. What the downloader writes itself ends with its plan, so only what others
 * write is extrapolated.
 */
export class DiskTrend {
  #samples: readonly DiskSample[] = [];

  /** Add a sample; one that follows the last within 30 seconds is left out, and a clock that was set back starts anew. */
  add(sample: DiskSample): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && sample.at < last.at) this.#samples = [];
    else if (last !== undefined && sample.at - last.at < SAMPLE_MS * 0.9) return;
    this.#samples = [...this.#samples.filter(({ at }) => sample.at - at <= WINDOW_MS), sample];
  }

  /**
   * Estimate the time until the free space is at the reserve.
   *
   * @returns Seconds; `null` if the disk does not fill, or nothing can be said yet
   */
  secondsUntil({ reserveBytes, plannedBytes }: DiskOutlook): number | null {
    const last = this.#samples.at(-1);
    const first = this.#samples[0];
    if (last === undefined || first === undefined) return null;
    const spareBytes = last.freeBytes - reserveBytes;
    if (spareBytes <= 0) return 0;
    if (last.at - first.at < MIN_SPAN_MS) return null;
    const ownRate = Math.max(0, slope(this.#samples, ({ ownBytes }) => ownBytes));
    const others = -slope(this.#samples, ({ freeBytes, ownBytes }) => freeBytes + ownBytes);
    const otherRate = others < MIN_RATE ? 0 : others;
    // While the runs go on, both fill the disk; afterwards only the others.
    const ownSeconds = ownRate < MIN_RATE ? 0 : plannedBytes / ownRate;
    const bothRate = otherRate + (ownSeconds > 0 ? ownRate : 0);
    if (bothRate === 0) return null;
    const filled = bothRate * ownSeconds;
    if (filled >= spareBytes) return limit(spareBytes / bothRate);
    return otherRate === 0 ? null : limit(ownSeconds + (spareBytes - filled) / otherRate);
  }
}

function limit(seconds: number): number | null {
  return seconds > HORIZON_S ? null : Math.round(seconds);
}

/**
 * The change per second: the interquartile mean of the changes from one sample to the next. A large file that is written
 * or deleted within the window does not move it.
 */
function slope(samples: readonly DiskSample[], valueOf: (sample: DiskSample) => number): number {
  const rates = samples.slice(1).map((to, index) => {
    const from = samples[index]!;
    return (valueOf(to) - valueOf(from)) / (to.at - from.at) * 1000;
  }).sort((a, b) => a - b);
  const cut = Math.floor(rates.length / 4);
  const middle = rates.slice(cut, rates.length - cut);
  return middle.length === 0 ? 0 : middle.reduce((sum, rate) => sum + rate, 0) / middle.length;
}
