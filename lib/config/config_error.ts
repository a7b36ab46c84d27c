import { KitError } from "../base/mod.ts";

/** One mistake in a file, with its position. */
export interface ConfigMistake {
  /** Line number, starting at 1. */
  readonly line: number;
  /** Column number, starting at 1. */
  readonly column: number;
  /** What is wrong. */
  readonly message: string;
  /** What to write instead. */
  readonly hint?: string;
}

/** Maximum number of mistakes that a message lists. A longer list would hide the first one. */
const MAX_SHOWN = 20;

/** Thrown for a configuration file that cannot be used. Its code is `usage`, so a command ends with exit code 2. */
export class ConfigError extends KitError {
  /** The name shown in stack traces. */
  override name = "ConfigError";
  /** All mistakes, in the order of the file. */
  readonly mistakes: readonly ConfigMistake[];

  /**
   * Create the error. Its message lists the first 20 mistakes in the order of the file, each as
   * `file:line:column: message (hint)`. The hint of a single mistake becomes the hint of the error instead.
   *
   * @param mistakes The mistakes, in any order; at least one
   */
  constructor(file: string, mistakes: readonly ConfigMistake[]) {
    const sorted = mistakes.toSorted((a, b) => a.line - b.line || a.column - b.column);
    const [first, ...others] = sorted;
    const more = others.slice(0, MAX_SHOWN - 1).map((one) => `\n${file}:${formatMistake(one)}${formatHint(one.hint)}`);
    const rest = others.length - more.length;
    if (rest > 0) more.push(`\nand ${rest} more`);
    // With several mistakes, each hint follows its own mistake: one hint at the end would seem to belong to the last.
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
