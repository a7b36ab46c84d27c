/** Limits the number of series of an instrument. */
export interface SeriesOptions {
  /** Maximum number of series. All further sets of labels share one overflow series. */
  readonly maxSeries: number;
}
