/** What an instrument does: add up, tell a current value, or count values by size. */
export type MetricKind = "counter" | "gauge" | "histogram";

/** An instrument as data, by OpenTelemetry's conventions. */
export interface MetricDefinition {
  /** Lower case words with dots, such as `civitai_dl.download.duration`. */
  readonly name: string;
  /** What it does. */
  readonly kind: MetricKind;
  /** UCUM: `s`, `By`, `1` for a share, `{file}` for things that are counted; empty for a state. */
  readonly unit: string;
  /** One sentence without a period. */
  readonly help: string;
  /** The labels that a value may have; a missing one is empty. */
  readonly labels?: readonly string[];
  /**
   * Upper bounds of a histogram's buckets, rising; what is above the last has a bucket of its own.
   *
   * @default {those that fit the unit}
   */
  readonly bounds?: readonly number[];
}
