/** A point of a series: the time in milliseconds of the run, and the value. */
export type SeriesPoint = readonly [atMs: number, value: number];

/** The state of a series that is stored, to continue it later. */
export interface SeriesState {
  /** Number of values that are averaged for each new point. */
  readonly stride: number;
  /** The points in chronological order. */
  readonly points: readonly SeriesPoint[];
}

/** Options of {@linkcode ThinnedSeries}. */
export interface ThinnedSeriesOptions {
  /**
   * The number of points at which the series is halved. It must be even.
   *
   * @default {480}
   */
  readonly capacity?: number | undefined;
  /** The state of an earlier series, to continue it. */
  readonly state?: SeriesState | undefined;
}

/**
 * A time series of bounded size: when it is full, each pair of adjacent points is replaced by its mean.
 */
export class ThinnedSeries {
  readonly #capacity: number;
  #points: SeriesPoint[];
  #stride: number;
  #pending: SeriesPoint[] = [];

  /**
   * Create an empty series, or continue an earlier one.
   *
   * @param options The capacity, and the state of an earlier series
   */
  constructor(options: ThinnedSeriesOptions = {}) {
    const { capacity = 480, state = { stride: 1, points: [] } } = options;
    this.#capacity = capacity;
    this.#points = [...state.points];
    this.#stride = state.stride;
  }

  /** The points in chronological order, without values of a point that is not yet complete. */
  get points(): readonly SeriesPoint[] {
    return this.#points;
  }

  /** The state from which the series can be continued; values of a point that is not yet complete are lost. */
  get state(): SeriesState {
    return { stride: this.#stride, points: [...this.#points] };
  }

  /**
   * Add a value.
   *
   * @param atMs The time in milliseconds of the run, not before the previous value
   * @param value The value, which must be finite
   */
  add(atMs: number, value: number): void {
    this.#pending.push([atMs, value]);
    if (this.#pending.length < this.#stride) return;
    this.#points.push(meanOf(this.#pending));
    this.#pending = [];
    if (this.#points.length >= this.#capacity) this.#thin();
  }

  #thin(): void {
    const halves = Math.floor(this.#points.length / 2);
    this.#points = Array.from({ length: halves }, (_, index) => meanOf(this.#points.slice(2 * index, 2 * index + 2)));
    this.#stride *= 2;
  }
}

function meanOf(points: readonly SeriesPoint[]): SeriesPoint {
  const sum = (place: 0 | 1) => points.reduce((total, point) => total + point[place], 0);
  return [sum(0) / points.length, sum(1) / points.length];
}
