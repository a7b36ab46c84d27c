import { promptSecret } from "@std/cli";
import { systemEnv } from "../../base/mod.ts";
import type { Io, ReadOptions } from "./io.ts";
import { terminalWidth } from "./terminal_width.ts";

/** Standard input, output and error of the process. */
export const systemIo: Io = {
  writeOut: (text) => writeAll(Deno.stdout, text),
  writeErr(text) {
    try {
      writeAll(Deno.stderr, text);
    } catch (error) {
      // Standard error has no reader any more. The command continues regardless.
      if (!(error instanceof Deno.errors.BrokenPipe) && !isHungUp(error)) throw error;
    }
  },
  get outIsTerminal() {
    return Deno.stdout.isTerminal();
  },
  get errIsTerminal() {
    return Deno.stderr.isTerminal() && systemEnv("TERM") !== "dumb";
  },
  get inIsTerminal() {
    return Deno.stdin.isTerminal();
  },
  width: () => terminalWidth(),
  readLine,
  readSecret: (question) => Promise.resolve(promptSecret(question) ?? undefined),
};

/** Whether a write failed because the terminal was closed. */
function isHungUp(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EIO";
}

function writeAll(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
}

/** Read byte by byte, so that the input after the line stays available to the next reader. */
async function readLine(question: string, options: ReadOptions = {}): Promise<string | undefined> {
  const { signal } = options;
  signal?.throwIfAborted();
  systemIo.writeErr(question);
  const aborted = Promise.withResolvers<never>();
  const abort = () => {
    systemIo.writeErr("\n");
    aborted.reject(signal?.reason);
  };
  signal?.addEventListener("abort", abort, { once: true });
  try {
    const bytes: number[] = [];
    const buffer = new Uint8Array(1);
    while (true) {
      const count = await Promise.race([Deno.stdin.read(buffer), aborted.promise]);
      // Nobody has pressed Enter: what follows, such as the prompt of the shell, would continue the question.
      if (count === null) systemIo.writeErr("\n");
      if (count === null && bytes.length === 0) return undefined;
      if (count === null || buffer[0] === 0x0a) break;
      bytes.push(buffer[0]!);
    }
    return new TextDecoder().decode(new Uint8Array(bytes)).replace(/\r$/, "");
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}
