import type { GateReport } from "../../lib/gate/mod.ts";
import type { GateFormat } from "./gate_sheet.ts";

/** A gate's report as it is for `--json`, with the form that everybody else gets it in. */
export class ShownGate {
  readonly #report: GateReport;
  readonly #format: GateFormat;
  readonly #file: string;

  /** Tie a report to its form. */
  constructor(report: GateReport, format: GateFormat, file: string) {
    Object.assign(this, report);
    this.#report = report;
    this.#format = format;
    this.#file = file;
  }

  /** The report. */
  get report(): GateReport {
    return this.#report;
  }

  /** The form. */
  get format(): GateFormat {
    return this.#format;
  }

  /** The file of phases. */
  get file(): string {
    return this.#file;
  }
}
