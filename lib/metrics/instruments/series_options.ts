/** Limits the number of series of an instrument. */
export interface SeriesOptions {
  /** Number of series at most; all further sets of labels share one overflow series. */
  readonly maxSeries: number;
}
