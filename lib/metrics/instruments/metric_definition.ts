/** What an instrument records: a value that only grows, a current value, or counts of values by size. */
export type MetricKind = "counter" | "gauge" | "histogram";

/** Definition of an instrument as plain data, following OpenTelemetry's conventions. */
export interface MetricDefinition {
  /** Lowercase words separated by dots, such as `civitai_dl.download.duration`; at most 120 characters. */
  readonly name: string;
  /** What the instrument records. */
  readonly kind: MetricKind;
  /** UCUM unit: `s`, `By`, `1` for a fraction, `{file}` for counted things; empty for a state. */
  readonly unit: string;
  /** One sentence without a period. */
  readonly help: string;
  /** The labels that a value may have; a missing one is empty. */
  readonly labels?: readonly string[];
  /**
   * Inclusive upper bounds of a histogram's buckets: 1 to 64 numbers in ascending order. One more bucket counts larger
   * values.
   *
   * @default {bounds that suit the unit}
   */
  readonly bounds?: readonly number[];
}
