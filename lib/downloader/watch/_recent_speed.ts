/** Window that the speed is measured over, in milliseconds. */
const WINDOW_MS = 5000;

/** Measures the speed over the last five seconds, from a growing count that is sampled at irregular times. */
export class RecentSpeed {
  readonly #samples: { readonly at: number; readonly total: number }[];

  constructor(at: number, total = 0) {
    this.#samples = [{ at, total }];
  }

  /** Take a sample of the count at a time in milliseconds. Return its growth per second. */
  sample(at: number, total: number): number {
    const samples = this.#samples;
    samples.push({ at, total });
    while (samples.length > 2 && at - samples[0]!.at > WINDOW_MS) samples.shift();
    const first = samples[0]!;
    return at > first.at ? Math.round((total - first.total) / ((at - first.at) / 1000)) : 0;
  }
}
