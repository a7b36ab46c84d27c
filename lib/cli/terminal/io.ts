/** Options of {@linkcode Io.readLine} and {@linkcode Io.readSecret}. */
export interface ReadOptions {
  /** Stops the waiting. */
  readonly signal?: AbortSignal | undefined;
}

/** Standard input, output and error, as a seam. */
export interface Io {
  /** Write to standard output, as it is. */
  writeOut(text: string): void;
  /** Write to standard error, as it is. */
  writeErr(text: string): void;
  /** Whether a person reads standard output. */
  readonly outIsTerminal: boolean;
  /** Whether a person reads standard error, on a terminal that can move its cursor. */
  readonly errIsTerminal: boolean;
  /** Whether a person can answer. */
  readonly inIsTerminal: boolean;
  /** Columns of the terminal; 80 when there is none. */
  width(): number;
  /** Ask on standard error and read one line; `undefined` at the end of the input. */
  readLine(question: string, options?: ReadOptions): Promise<string | undefined>;
  /** Ask without showing the answer; `undefined` when nobody can answer. */
  readSecret(question: string, options?: ReadOptions): Promise<string | undefined>;
}
