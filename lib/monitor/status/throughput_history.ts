/** Ticks that are kept. */
const LENGTH = 120;

/** The throughput of the last ticks. */
export class ThroughputHistory {
  #values: readonly number[] = [];

  /** Bytes a second, oldest first, 120 values at most. */
  get values(): readonly number[] {
    return this.#values;
  }

  /**
   * Add the value of a tick.
   *
   * @param bytesPerSecond What all downloads together do
   */
  add(bytesPerSecond: number): void {
    this.#values = [...this.#values, bytesPerSecond].slice(-LENGTH);
  }
}
