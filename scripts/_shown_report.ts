import type { BenchmarkReport } from "../lib/report/mod.ts";

/** A report for `--json`, and its text for everybody else. */
export class ShownReport {
  readonly #text: string;

  /** Tie a report to its text. */
  constructor(report: BenchmarkReport, text: string) {
    Object.assign(this, report);
    this.#text = text;
  }

  /** For a terminal. */
  text(): string {
    return this.#text;
  }
}
