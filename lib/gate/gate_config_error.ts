import { KitError } from "../base/mod.ts";

/** One mistake in a file of phases, with its place. */
export interface GateConfigMistake {
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
  /** What is wrong. */
  readonly message: string;
  /** What would be right; empty if there is nothing to say. */
  readonly hint: string;
}

/** A file of phases that cannot be used; a command ends with 2 by it. */
export class GateConfigError extends KitError {
  /** The name that stack traces print. */
  override name = "GateConfigError";
  /** All that is wrong, in the order of the file. */
  readonly mistakes: readonly GateConfigMistake[];

  /**
   * Make one.
   *
   * @param file The file, as messages name it
   * @param mistakes What is wrong, at least one
   */
  constructor(file: string, mistakes: readonly GateConfigMistake[]) {
    const sorted = mistakes.toSorted((a, b) => a.line - b.line || a.column - b.column);
    const lines = sorted.map(({ line, column, message, hint }, index) => {
      const place = `${file}:${line}:${column}: ${message}`;
      return index === 0 || hint === "" ? place : `${place} (${hint})`;
    });
    const hint = sorted[0]?.hint ?? "";
    super("usage", `Cannot use ${lines.join("\n")}`, hint === "" ? {} : { hint });
    this.mistakes = sorted;
  }
}
