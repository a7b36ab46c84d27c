/** A report for `--json`, and its text for everybody else. */
export class ShownReport {
  readonly #text: string;

  /** Tie a report to its text. */
  constructor(report: object, text: string) {
    Object.assign(this, report);
    this.#text = text;
  }

  /** For a terminal. */
  text(): string {
    return this.#text;
  }
}
