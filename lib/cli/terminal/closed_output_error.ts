import type { Io } from "./io.ts";

/**
 * Thrown when the reader of standard output has closed it, as in `list | head`. This is not a failure: `execute` stops
 * and returns 0.
 */
export class ClosedOutputError extends Error {
  /** The name that stack traces print. */
  override name = "ClosedOutputError";
}

/**
 * Wrap streams so that a broken pipe on standard output throws {@linkcode ClosedOutputError}, which distinguishes it from
 * other broken pipes.
 */
export function guardOutput(io: Io): Io {
  const { outIsTerminal, errIsTerminal, inIsTerminal } = io;
  return {
    outIsTerminal,
    errIsTerminal,
    inIsTerminal,
    writeOut: (text) => writeGuarded(io, text),
    writeErr: (text) => io.writeErr(text),
    width: () => io.width(),
    readLine: (question, options) => io.readLine(question, options),
    readSecret: (question, options) => io.readSecret(question, options),
  };
}

function writeGuarded(io: Io, text: string): void {
  try {
    if (text !== "") io.writeOut(text);
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    throw new ClosedOutputError("Cannot write the result: standard output was closed", { cause: error });
  }
}
