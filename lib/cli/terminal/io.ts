/** Options of {@linkcode Io.readLine} and {@linkcode Io.readSecret}. */
export interface ReadOptions {
  /** Stops waiting for the answer. */
  readonly signal?: AbortSignal | undefined;
}

/** Standard input, output and error; tests replace them with `MemoryIo`. */
export interface Io {
  /** Write to standard output, unchanged. */
  writeOut(text: string): void;
  /** Write to standard error, unchanged. */
  writeErr(text: string): void;
  /** Whether standard output is a terminal. */
  readonly outIsTerminal: boolean;
  /** Whether standard error is a terminal that can move its cursor. */
  readonly errIsTerminal: boolean;
  /** Whether standard input is a terminal, so that the user can answer questions. */
  readonly inIsTerminal: boolean;
  /** Columns of the terminal; 80 if there is none. */
  width(): number;
  /** Ask on standard error and read one line, without its line break; `undefined` at the end of the input. */
  readLine(question: string, options?: ReadOptions): Promise<string | undefined>;
  /** Ask without echoing the answer; `undefined` if there is no answer, for example without a terminal. */
  readSecret(question: string, options?: ReadOptions): Promise<string | undefined>;
}
