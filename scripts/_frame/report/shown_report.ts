/** A report, which `--json` prints, together with its text for a terminal. */
export class ShownReport {
  readonly #text: string;

  /** Copy the fields of the report to this object. */
  constructor(report: object, text: string) {
    Object.assign(this, report);
    this.#text = text;
  }

  /** Return the text for a terminal. */
  text(): string {
    return this.#text;
  }
}
