import type { Io } from "./io.ts";

/** The reader of standard output has gone, as in `list | head`: nothing is wrong, and nothing more is wanted. */
export class ClosedOutput extends Error {
  /** The name that stack traces print. */
  override name = "ClosedOutput";
}

/**
 * Make the same streams, where a closed standard output is told apart from any other broken pipe.
 *
 * @param io The streams
 * @returns The guarded streams
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
    throw new ClosedOutput("Cannot write the result: nobody reads it", { cause: error });
  }
}
