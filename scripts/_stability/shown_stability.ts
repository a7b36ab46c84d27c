import { renderCurveText } from "../../lib/report/mod.ts";
import type { SoakEvidence } from "../../lib/soak/mod.ts";
import { stabilityReport } from "./stability_report.ts";

/** A run's evidence for `--json`, and its text for everybody else. */
export class ShownStability {
  readonly #evidence: SoakEvidence;
  readonly #path: string;

  /** Tie evidence to where it is. */
  constructor(evidence: SoakEvidence, path: string) {
    Object.assign(this, evidence);
    this.#evidence = evidence;
    this.#path = path;
  }

  /** For a terminal. */
  text(): string {
    return `${renderCurveText(stabilityReport(this.#evidence))}\nReport: ${this.#path}\n`;
  }
}
