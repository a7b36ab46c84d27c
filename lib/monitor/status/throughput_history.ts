/** Number of ticks that are kept. */
const LENGTH = 120;

/** The throughput of the last 120 ticks. */
export class ThroughputHistory {
  #values: readonly number[] = [];

  /** Up to 120 values in bytes per second, oldest first. */
  get values(): readonly number[] {
    return this.#values;
  }

  /** Add the value of a tick. */
  add(bytesPerSecond: number): void {
    this.#values = [...this.#values, bytesPerSecond].slice(-LENGTH);
  }
}
