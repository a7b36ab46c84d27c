/** What an instrument records: a value that only grows, a current value, or counts of values by size. */
export type MetricKind = "counter" | "gauge" | "histogram";

/** Definition of an instrument as plain data, by OpenTelemetry's conventions. */
export interface MetricDefinition {
  /** Lower case words with dots, such as `civitai_dl.download.duration`; at most 120 characters. */
  readonly name: string;
  /** What the instrument records. */
  readonly kind: MetricKind;
  /** UCUM: `s`, `By`, `1` for a share, `{file}` for counted things; empty for a state. */
  readonly unit: string;
  /** One sentence without a period. */
  readonly help: string;
  /** The labels that a value may have; a missing one is empty. */
  readonly labels?: readonly string[];
  /**
   * Inclusive upper bounds of a histogram's buckets, 1 to 64 rising numbers; larger values have one more bucket.
   *
   * @default {bounds that fit the unit}
   */
  readonly bounds?: readonly number[];
}
