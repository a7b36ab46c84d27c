import type { ReportedChart } from "./reported_chart.ts";

/** The verdict on a claim, a section or a report. */
export type ReportVerdict = "pass" | "fail" | "inconclusive" | "aborted" | "not evaluated";

/** A claim about a measured value, with its verdict. */
export interface ReportClaim {
  /** Identifier of the claim, such as `timeout_rate`. */
  readonly id: string;
  /** Title of the claim, one line; empty if the identifier says it. */
  readonly title: string;
  /** The requirement in words. */
  readonly required: string;
  /** The measured value in words, with count and bound; empty if nothing was measured. */
  readonly measured: string;
  /** Verdict on the claim. */
  readonly verdict: ReportVerdict;
  /** Reason for the verdict, or a further remark; empty if there is none. */
  readonly note: string;
  /** Command that produces missing evidence. */
  readonly command?: string | undefined;
}

/** One line of a chart. */
export interface CurveSeries {
  /** Name of the line in the legend. */
  readonly name: string;
  /** Points of the line: milliseconds since the start of the run, and the value. */
  readonly points: readonly (readonly [atMs: number, value: number])[];
}

/** Unit of the values of a chart. */
export type CurveUnit = "bytes" | "ms" | "count" | "MB/s";

/** A chart of curves over the time of a run. */
export interface CurveChart {
  /** Title of the chart. */
  readonly title: string;
  /** A sentence that explains the chart to new readers; empty if it needs no explanation. */
  readonly lead: string;
  /** Unit of the values. */
  readonly unit: CurveUnit;
  /** Lines of the chart; the chart is omitted if none contains points. */
  readonly series: readonly CurveSeries[];
}

/** A table of text cells. */
export interface ReportTable {
  /** Title of the table. */
  readonly title: string;
  /** Whether it has few rows, so that the text for a terminal has it, too. */
  readonly isBrief?: boolean | undefined;
  /** Headers of the columns; all empty for a table without a header. */
  readonly heads: readonly string[];
  /** Cells of each row, one per column. */
  readonly rows: readonly (readonly string[])[];
}

/** A part of a report about one thing that was measured. */
export interface ReportSection {
  /** Title of the section. */
  readonly title: string;
  /** Verdict on the section. */
  readonly verdict: ReportVerdict;
  /** The word that is shown for the verdict, if it is not the verdict itself. */
  readonly label?: string | undefined;
  /** What was measured, in a sentence or two; may be empty. */
  readonly lead: string;
  /** Claims with their verdicts. */
  readonly claims: readonly ReportClaim[];
  /** All runs of each side. HTML pages draw them, every form has a table of them. */
  readonly distributions: readonly ReportedChart[];
  /** Remarks for the reader, one sentence each. */
  readonly notes: readonly string[];
}

/** A report of any kind, as plain data for all output formats. */
export interface Report {
  /** Title of the report. */
  readonly title: string;
  /** Verdict on the whole; absent if nothing is judged, or only the sections are. */
  readonly verdict?: ReportVerdict | undefined;
  /** A line below the title. */
  readonly lead: string;
  /** Remarks for the reader, one sentence each. */
  readonly notes: readonly string[];
  /** Claims with their verdicts; empty if nothing is judged. */
  readonly claims: readonly ReportClaim[];
  /** Charts; only HTML pages contain them. */
  readonly charts: readonly CurveChart[];
  /** Tables below the charts; the text for a terminal has only brief ones. */
  readonly tables: readonly ReportTable[];
  /** What was measured, one thing after another. */
  readonly sections?: readonly ReportSection[] | undefined;
  /** Facts that the report is based on, such as commit and machine, as pairs of name and text. */
  readonly facts: readonly (readonly [name: string, text: string])[];
  /** How the verdicts are reached, for readers who see such a page for the first time. */
  readonly explanation?: string | undefined;
}
