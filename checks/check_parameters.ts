/** Reads the parameters of a check in the phases file. Throws a `SyntaxError` for unknown or invalid parameters. */
export class CheckParameters {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>, known: readonly string[]) {
    const unknown = Object.keys(values).find((key) => !known.includes(key));
    if (unknown !== undefined) {
      throw new SyntaxError(`with: has the unknown key "${unknown}"; known here: ${known.join(", ") || "nothing"}`);
    }
    this.#values = values;
  }

  /** Read a list of strings; return `fallback` if it is absent. */
  texts(key: string, fallback: readonly string[] = []): readonly string[] {
    const value = this.#values[key];
    if (value === undefined) return fallback;
    if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value;
    throw new SyntaxError(`with: "${key}" must be a list of texts`);
  }

  /** Read `flags`, the flags for the Deno command. */
  flags(): readonly string[] {
    const flags = this.texts("flags");
    const other = flags.find((flag) => !flag.startsWith("-"));
    if (other !== undefined) throw new SyntaxError(`with: "${other}" is no flag`);
    return flags;
  }
}
