/** The part of the ECharts API that a custom series uses to find positions; data are `[low, high, value, row]`. */
export interface BandApi {
  value(index: number): number;
  coord(place: readonly number[]): readonly number[];
}

/** Position of a band, in pixels. */
export interface BandPlace {
  readonly left: number;
  readonly right: number;
  readonly middle: number;
  readonly y: number;
  readonly row: number;
}

/** Compute the position of a band. */
export function bandPlace(api: BandApi): BandPlace {
  const row = api.value(3);
  const [low = [], high = [], value = []] = [0, 1, 2].map((index) => api.coord([api.value(index), row]));
  return { left: low[0] ?? 0, right: high[0] ?? 0, middle: value[0] ?? 0, y: low[1] ?? 0, row };
}
