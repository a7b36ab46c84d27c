import type { CurveChart, CurveTable } from "../curves/curve_report.ts";

/** Findings about a period, as plain data for all output formats. It has no verdict. */
export interface AnalysisReport {
  /** Title of the report. */
  readonly title: string;
  /** A line below the title. */
  readonly lead: string;
  /** Remarks that limit what the report says, one sentence each. */
  readonly notes: readonly string[];
  /** Charts over time; only HTML pages contain them. */
  readonly charts: readonly CurveChart[];
  /** Tables below the charts. */
  readonly tables: readonly CurveTable[];
  /** Facts that the report is based on, as pairs of name and text. */
  readonly facts: readonly (readonly [name: string, text: string])[];
}
