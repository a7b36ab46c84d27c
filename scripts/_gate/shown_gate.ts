import type { GateReport } from "../../lib/gate/mod.ts";
import { gateDocument } from "./gate_document.ts";

/** A gate's report, which `--json` prints, together with what a terminal shows. */
export class ShownGate {
  readonly #report: GateReport;

  /** Copy the fields of its JSON form to this object. */
  constructor(report: GateReport) {
    Object.assign(this, gateDocument(report));
    this.#report = report;
  }

  /** The report, as it was passed. */
  get report(): GateReport {
    return this.#report;
  }
}
