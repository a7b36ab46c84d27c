/** A number that was held against something. */
export interface CurveClaim {
  /** Its name, such as `timeout_rate`. */
  readonly id: string;
  /** What it is about. */
  readonly title: string;
  /** What was asked for. */
  readonly required: string;
  /** What was found, with count and bound. */
  readonly measured: string;
  /** What comes of it. */
  readonly verdict: "pass" | "fail" | "inconclusive";
  /** What else is to be known; empty if nothing. */
  readonly note: string;
}

/** One line of a chart. */
export interface CurveSeries {
  /** Its name. */
  readonly name: string;
  /** Milliseconds of the run, and the value. */
  readonly points: readonly (readonly [atMs: number, value: number])[];
}

/** What the values of a chart are. */
export type CurveUnit = "bytes" | "ms" | "count" | "MB/s";

/** Curves over the time of a run. */
export interface CurveChart {
  /** The heading. */
  readonly title: string;
  /** A sentence for those who read it the first time; empty if none is needed. */
  readonly lead: string;
  /** What the values are. */
  readonly unit: CurveUnit;
  /** Lines in one picture. */
  readonly series: readonly CurveSeries[];
}

/** A plain table. */
export interface CurveTable {
  /** The heading. */
  readonly title: string;
  /** One for each column. */
  readonly heads: readonly string[];
  /** Texts. */
  readonly rows: readonly (readonly string[])[];
}

/** A run over a long time, as plain data for all forms of output. */
export interface CurveReport {
  /** The heading. */
  readonly title: string;
  /** Of the whole. */
  readonly verdict: "pass" | "fail" | "inconclusive" | "aborted";
  /** A line below the heading. */
  readonly lead: string;
  /** What a reader must know, a sentence each. */
  readonly notes: readonly string[];
  /** Each with its verdict. */
  readonly claims: readonly CurveClaim[];
  /** Pictures; only pages have them. */
  readonly charts: readonly CurveChart[];
  /** What stands below. */
  readonly tables: readonly CurveTable[];
  /** What it rests on. */
  readonly facts: readonly (readonly [name: string, text: string])[];
}
