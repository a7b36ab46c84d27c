import { renderCurveText } from "../../lib/report/mod.ts";
import type { SoakEvidence } from "../../lib/soak/mod.ts";
import { stabilityReport } from "./stability_report.ts";

/** A run's evidence for `--json`, and its text for everybody else. */
export class ShownStability {
  readonly #evidence: SoakEvidence;
  readonly #path: string | null;

  /** Tie evidence to where it is; `null` if it could not be written. */
  constructor(evidence: SoakEvidence, path: string | null) {
    Object.assign(this, evidence);
    this.#evidence = evidence;
    this.#path = path;
  }

  /** For a terminal. */
  text(): string {
    const place = this.#path === null ? "" : `\nReport: ${this.#path}\n`;
    return `${renderCurveText(stabilityReport(this.#evidence))}${place}`;
  }
}
