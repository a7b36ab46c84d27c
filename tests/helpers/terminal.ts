/**
 * What a user sees of a program's output: a screen with unlimited scrollback, for the sequences that our programs
 * write.
 */
export class Screen {
  readonly #lines: string[] = [""];
  #row = 0;
  #column = 0;

  /** All lines with content. */
  get lines(): readonly string[] {
    return this.#lines.map((line) => line.trimEnd()).filter((line) => line !== "");
  }

  /** Write the output of a program. */
  write(text: string): void {
    // deno-lint-ignore no-control-regex
    for (const [part, count, verb] of text.matchAll(/\x1b\[([\d;?]*)([A-Za-z])|[\s\S]/gu)) {
      if (verb !== undefined) this.#control(verb, Number(count || "1"), count!);
      else if (part === "\n") this.#row++;
      else if (part === "\r") this.#column = 0;
      else if (part === "\b") this.#column = Math.max(0, this.#column - 1);
      else this.#put(part);
      while (this.#lines.length <= this.#row) this.#lines.push("");
    }
  }

  #control(verb: string, count: number, text: string): void {
    if (verb === "A") this.#row = Math.max(0, this.#row - count);
    if (verb === "G") this.#column = Math.max(0, count - 1);
    if (verb === "K") this.#cut(text === "2" ? 0 : this.#column);
    if (verb === "J") {
      this.#cut(this.#column);
      this.#lines.length = this.#row + 1;
    }
  }

  #cut(column: number): void {
    this.#lines[this.#row] = (this.#lines[this.#row] ?? "").slice(0, column);
  }

  #put(letter: string): void {
    const line = (this.#lines[this.#row] ?? "").padEnd(this.#column);
    this.#lines[this.#row] = line.slice(0, this.#column) + letter + line.slice(this.#column + letter.length);
    this.#column += letter.length;
  }
}

/** Options of {@linkcode TerminalRun}. */
export interface TerminalOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Columns of the terminal.
   *
   * @default {100}
   */
  readonly columns?: number;
}

/** A program on a terminal of its own, by `script` of util-linux; the test types the input. */
export class TerminalRun implements AsyncDisposable {
  readonly screen = new Screen();
  readonly #child: Deno.ChildProcess;
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  /** Everything received. */
  #text = "";

  /**
   * Start it.
   *
   * @param line Command line for `sh`
   * @param options Folder and environment
   */
  constructor(line: string, { columns = 100, ...options }: TerminalOptions) {
    this.#child = new Deno.Command("script", {
      args: ["-qefc", `stty cols ${columns} rows 40; ${line}`, "/dev/null"],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
      ...options,
    }).spawn();
    this.#reader = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#writer = this.#child.stdin.getWriter();
  }

  /** Press keys. */
  async type(keys: string): Promise<void> {
    await this.#writer.write(new TextEncoder().encode(keys));
  }

  /** Read until a text appears. */
  async until(text: string): Promise<void> {
    while (!this.#text.includes(text)) {
      if (!await this.#read()) throw new Error(`It ended before "${text}": ${this.screen.lines.join("\n")}`);
    }
  }

  /** Read to the end; returns the exit code. */
  async end(): Promise<number> {
    while (await this.#read());
    return (await this.#child.status).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer.close().catch(() => {});
    await this.#reader.cancel();
    await this.#child.status;
  }

  async #read(): Promise<boolean> {
    const { done, value } = await this.#reader.read();
    this.#text += value ?? "";
    this.screen.write(value ?? "");
    return !done;
  }
}
