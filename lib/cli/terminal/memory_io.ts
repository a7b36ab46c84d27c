import type { Io } from "./io.ts";

/** Options of {@linkcode MemoryIo}. */
export interface MemoryIoOptions {
  /**
   * Whether all three streams claim to be a terminal.
   *
   * @default {false}
   */
  readonly terminal?: boolean;
  /**
   * Columns of the terminal.
   *
   * @default {80}
   */
  readonly width?: number;
  /** What the person answers, in order. */
  readonly answers?: readonly string[];
}

/** Streams that only remember: `execute` with them needs no process. */
export class MemoryIo implements Io {
  /** All of standard output. */
  out = "";
  /** All of standard error, questions included. */
  err = "";
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  readonly inIsTerminal: boolean;
  readonly #width: number;
  readonly #answers: string[];

  /**
   * Make it from its options.
   *
   * @param options Terminal or not, width, answers
   */
  constructor(options: MemoryIoOptions = {}) {
    const { terminal = false, width = 80, answers = [] } = options;
    this.outIsTerminal = terminal;
    this.errIsTerminal = terminal;
    this.inIsTerminal = terminal;
    this.#width = width;
    this.#answers = [...answers];
  }

  /** Remember what standard output got. */
  writeOut(text: string): void {
    this.out += text;
  }

  /** Remember what standard error got. */
  writeErr(text: string): void {
    this.err += text;
  }

  /** The width it was made with. */
  width(): number {
    return this.#width;
  }

  /** Give the next answer. */
  readLine(question: string): Promise<string | undefined> {
    this.err += question;
    return Promise.resolve(this.#answers.shift());
  }

  /** Give the next answer. */
  readSecret(question: string): Promise<string | undefined> {
    return this.readLine(question);
  }
}
