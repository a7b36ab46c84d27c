/** A point: milliseconds of the run, and the value. */
export type SeriesPoint = readonly [atMs: number, value: number];

/** What of a series is kept over a restart. */
export interface SeriesState {
  /** Values that one point stands for. */
  readonly stride: number;
  /** In the order of time. */
  readonly points: readonly SeriesPoint[];
}

/** Options of {@linkcode ThinnedSeries}. */
export interface ThinnedSeriesOptions {
  /**
   * Points at most; even.
   *
   * @default {480}
   */
  readonly capacity?: number | undefined;
  /** What an earlier one held. */
  readonly state?: SeriesState | undefined;
}

/** A series that never grows beyond a bound: when it is full, neighbours become one point, their mean. */
export class ThinnedSeries {
  readonly #capacity: number;
  #points: SeriesPoint[];
  #stride: number;
  #pending: SeriesPoint[] = [];

  /**
   * Make one.
   *
   * @param options Its bound, and where it goes on
   */
  constructor(options: ThinnedSeriesOptions = {}) {
    const { capacity = 480, state = { stride: 1, points: [] } } = options;
    this.#capacity = capacity;
    this.#points = [...state.points];
    this.#stride = state.stride;
  }

  /** In the order of time. */
  get points(): readonly SeriesPoint[] {
    return this.#points;
  }

  /** What a later one needs to go on. */
  get state(): SeriesState {
    return { stride: this.#stride, points: [...this.#points] };
  }

  /**
   * Add a value.
   *
   * @param atMs When, never before the last one
   * @param value Finite
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
