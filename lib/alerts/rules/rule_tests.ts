/** A metric over time, in a test of rules. */
export interface TestSeries {
  /** The metric's name. */
  readonly metric: string;
  /** Its labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** A value each interval, from the start on; `null` is no data. */
  readonly values: readonly (number | null)[];
  /** Events behind each value. */
  readonly samples: number;
}

/** What is to be seen at a moment. */
export interface TestExpectation {
  /** Milliseconds since the start of the test. */
  readonly atMs: number;
  /** All alerts that are pending or firing then; labels that are not named may be anything. */
  readonly alerts: readonly {
    /** The rule. */
    readonly alert: string;
    /** What it is. */
    readonly state: "pending" | "firing";
    /** Labels that it must have. */
    readonly labels: Readonly<Record<string, string>>;
  }[];
  /** Where the expectation stands in the file. */
  readonly line: number;
}

/** A test of rules. */
export interface RuleTest {
  /** What it shows. */
  readonly name: string;
  /** The time between two values, and between two evaluations. */
  readonly intervalMs: number;
  /** What is measured. */
  readonly series: readonly TestSeries[];
  /** What is expected. */
  readonly expect: readonly TestExpectation[];
}

/** A file of tests. */
export interface RuleTests {
  /** The configuration under test, relative to the file. */
  readonly config: string;
  /** The tests. */
  readonly tests: readonly RuleTest[];
}
