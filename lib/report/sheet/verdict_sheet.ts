/** One thing that is wrong, with its place where it has one. */
export interface SheetProblem {
  /** What is wrong. */
  readonly message: string;
  /** The file, from the project's root. */
  readonly file?: string | undefined;
  /** Counted from 1. */
  readonly line?: number | undefined;
  /** Counted from 1. */
  readonly column?: number | undefined;
  /** The rule that says so. */
  readonly rule?: string | undefined;
}

/** One thing that was to be shown. */
export interface SheetRow {
  /** Its name, such as `timeout-rate`. */
  readonly id: string;
  /** What it is about. */
  readonly title: string;
  /** Whether it decides, is only told, or was left out. */
  readonly level: "error" | "warn" | "off";
  /** What became of it. */
  readonly verdict: "pass" | "fail" | "inconclusive" | "not evaluated";
  /** What was asked for. */
  readonly required: string;
  /** What was found, with bound and count. */
  readonly measured: string;
  /** Why, where the numbers do not say it; empty else. */
  readonly reason: string;
  /** What is wrong, one by one. */
  readonly problems: readonly SheetProblem[];
  /** What would produce what is missing; empty if nothing does. */
  readonly command: string;
  /** How long it took. */
  readonly seconds: number;
}

/** Verdicts on many things, as plain data for all forms of output. */
export interface VerdictSheet {
  /** The heading. */
  readonly title: string;
  /** Of all that decide. */
  readonly verdict: "pass" | "fail" | "inconclusive";
  /** What a reader must know, a sentence each. */
  readonly notes: readonly string[];
  /** ISO 8601 UTC. */
  readonly at: string;
  /** In the order of the output. */
  readonly rows: readonly SheetRow[];
}
