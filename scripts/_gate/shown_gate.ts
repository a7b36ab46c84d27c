import type { GateReport } from "../../lib/gate/mod.ts";
import type { GateFormat } from "./gate_page.ts";
import { gateDocument } from "./gate_document.ts";

/** A gate's report, which `--json` prints, together with its output format for other callers. */
export class ShownGate {
  readonly #report: GateReport;
  readonly #format: GateFormat;

  /** Copy the fields of its JSON form to this object. */
  constructor(report: GateReport, format: GateFormat) {
    Object.assign(this, gateDocument(report));
    this.#report = report;
    this.#format = format;
  }

  /** The report, as it was passed. */
  get report(): GateReport {
    return this.#report;
  }

  /** The output format. */
  get format(): GateFormat {
    return this.#format;
  }
}
