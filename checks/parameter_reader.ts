/** Throw a `SyntaxError` if a check that has no parameters is given some in the phases file. */
export function assertNoParameters(values: Readonly<Record<string, unknown>>): void {
  assertKnown(values, []);
}

/** Reads the parameters of a check in the phases file. Throws a `SyntaxError` for unknown or invalid parameters. */
export class ParameterReader {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>, known: readonly string[]) {
    assertKnown(values, known);
    this.#values = values;
  }

  /** Read a list of strings; return `fallback` if it is absent. */
  strings(key: string, fallback: readonly string[] = []): readonly string[] {
    const value = this.#values[key];
    if (value === undefined) return fallback;
    if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value;
    throw new SyntaxError(`with: "${key}" must be a list of strings`);
  }

  /** Read `flags`, the flags for the Deno command. */
  flags(): readonly string[] {
    const flags = this.strings("flags");
    const other = flags.find((flag) => !flag.startsWith("-"));
    if (other !== undefined) throw new SyntaxError(`with: "${other}" is not a flag`);
    return flags;
  }
}

function assertKnown(values: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  const unknown = Object.keys(values).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw new SyntaxError(`with: has the unknown key "${unknown}"; known here: ${known.join(", ") || "nothing"}`);
}
