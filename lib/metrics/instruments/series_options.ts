/** How many series an instrument may have. */
export interface SeriesOptions {
  /** Beyond so many, all further sets of labels share one series. */
  readonly maxSeries: number;
}
