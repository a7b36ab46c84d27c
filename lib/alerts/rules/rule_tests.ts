/** The values of a metric over time, in a rule test. */
export interface TestSeries {
  /** The metric's name. */
  readonly metric: string;
  /** The labels of the series. */
  readonly labels: Readonly<Record<string, string>>;
  /** One value for each interval, from the start of the test; `null` means no data. */
  readonly values: readonly (number | null)[];
  /** Number of events behind each value; 100 if the file does not say. */
  readonly samples: number;
}

/** The alerts that are expected at one moment. */
export interface TestExpectation {
  /** Milliseconds since the start of the test. */
  readonly atMs: number;
  /** All alerts that are pending or firing at that moment; labels that are not listed may have any value. */
  readonly alerts: readonly {
    /** The rule's name. */
    readonly alert: string;
    /** The expected state; `firing` if the file does not say. */
    readonly state: "pending" | "firing";
    /** Labels that the alert must have. */
    readonly labels: Readonly<Record<string, string>>;
  }[];
  /** Line of the expectation in the file, counted from 1. */
  readonly line: number;
}

/** One test, which starts from an empty state. */
export interface RuleTest {
  /** The name in results. */
  readonly name: string;
  /** Time between two values and between two evaluations, in milliseconds; 30 000 if the file does not say. */
  readonly intervalMs: number;
  /** The metrics that the rules read. */
  readonly series: readonly TestSeries[];
  /** The expected alerts at one or more moments, in any order. */
  readonly expect: readonly TestExpectation[];
}

/** A file of rule tests. */
export interface RuleTests {
  /** Path of the configuration under test, relative to the file; `alerts.yml` if the file does not say. */
  readonly config: string;
  /** The tests in the order of the file. */
  readonly tests: readonly RuleTest[];
}
