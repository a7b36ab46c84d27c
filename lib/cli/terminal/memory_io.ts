import type { Io } from "./io.ts";

/** Options of {@linkcode MemoryIo}. */
export interface MemoryIoOptions {
  /**
   * Whether all three streams report that they are terminals.
   *
   * @default {false}
   */
  readonly terminal?: boolean;
  /**
   * The columns of the terminal.
   *
   * @default {80}
   */
  readonly width?: number;
  /** The answers to questions, in order; after the last one, input has ended. */
  readonly answers?: readonly string[];
}

/** Streams in memory, for tests: `execute` runs with them inside the test process. */
export class MemoryIo implements Io {
  /** Everything written to standard output. */
  out = "";
  /** Everything written to standard error, including questions. */
  err = "";
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  readonly inIsTerminal: boolean;
  readonly #width: number;
  readonly #answers: string[];

  /**
   * Create empty streams.
   *
   * @param options Whether they are terminals, the width, the answers
   */
  constructor(options: MemoryIoOptions = {}) {
    const { terminal = false, width = 80, answers = [] } = options;
    this.outIsTerminal = terminal;
    this.errIsTerminal = terminal;
    this.inIsTerminal = terminal;
    this.#width = width;
    this.#answers = [...answers];
  }

  /** Append to {@linkcode MemoryIo.out}. */
  writeOut(text: string): void {
    this.out += text;
  }

  /** Append to {@linkcode MemoryIo.err}. */
  writeErr(text: string): void {
    this.err += text;
  }

  /** The width from the options. */
  width(): number {
    return this.#width;
  }

  /** Return the next answer; `undefined` after the last one. */
  readLine(question: string): Promise<string | undefined> {
    this.err += question;
    return Promise.resolve(this.#answers.shift());
  }

  /** Return the next answer, from the same list as `readLine`. */
  readSecret(question: string): Promise<string | undefined> {
    return this.readLine(question);
  }
}
