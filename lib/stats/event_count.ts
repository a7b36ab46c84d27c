/** Events among trials, both whole numbers. */
export interface EventCount {
  /** Number of trials with an event. */
  readonly events: number;
  /** Number of trials. */
  readonly trials: number;
}
