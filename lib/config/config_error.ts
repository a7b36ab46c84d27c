import { KitError } from "../base/mod.ts";

/** One mistake in a file, with its position. */
export interface ConfigMistake {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** What is wrong. */
  readonly message: string;
  /** What to write instead. */
  readonly hint?: string;
}

/** Mistakes that a message lists at most: a longer list would hide the first. */
const MAX_SHOWN = 20;

/** A configuration file that cannot be used. Its code is `usage`: a command ends with exit code 2. */
export class ConfigError extends KitError {
  /** The name that stack traces print. */
  override name = "ConfigError";
  /** All that is wrong, in the order of the file. */
  readonly mistakes: readonly ConfigMistake[];

  /**
   * The message lists the first 20 mistakes in the order of the file, each as `file:line:column: message (hint)`.
   *
   * @param file The path that messages name
   * @param mistakes In any order; at least one
   */
  constructor(file: string, mistakes: readonly ConfigMistake[]) {
    const sorted = mistakes.toSorted((a, b) => a.line - b.line || a.column - b.column);
    const [first, ...others] = sorted;
    const more = others.slice(0, MAX_SHOWN - 1).map((one) => `\n${file}:${formatMistake(one)}${formatHint(one.hint)}`);
    const rest = others.length - more.length;
    if (rest > 0) more.push(`\nand ${rest} more`);
    // With several mistakes each hint follows its own: a single hint at the end would seem to belong to the last one.
    const isOnly = more.length === 0;
    const start = first === undefined ? "1:1: it cannot be read" : formatMistake(first);
    super(
      "usage",
      `Cannot use ${file}:${start}${isOnly ? "" : formatHint(first?.hint)}${more.join("")}`,
      isOnly && first?.hint !== undefined ? { hint: first.hint } : {},
    );
    this.mistakes = sorted;
  }
}

function formatMistake({ line, column, message }: ConfigMistake): string {
  return `${line}:${column}: ${message}`;
}

function formatHint(hint: string | undefined): string {
  return hint === undefined ? "" : ` (${hint})`;
}
