import { KitError } from "../../base/mod.ts";
import type { Io, ReadOptions } from "./io.ts";

/**
 * Ask the user a yes-or-no question; the default answer is no. After any other answer, the question is asked again.
 *
 * @param question The question, with its question mark
 * @param options A signal that stops waiting
 * @returns Whether the answer is yes
 * @throws {KitError} `usage` if standard input or standard error is not a terminal
 */
export async function confirm(io: Io, question: string, { signal }: ReadOptions = {}): Promise<boolean> {
  if (!io.inIsTerminal || !io.errIsTerminal) {
    throw new KitError("usage", `Cannot ask "${question}": standard input or standard error is not a terminal`, {
      hint: "Pass --yes to answer yes",
    });
  }
  while (true) {
    const answer = await io.readLine(`${question} [y/N] `, { signal });
    if (answer === undefined || /^\s*(no?)?\s*$/i.test(answer)) return false;
    if (/^\s*y(es)?\s*$/i.test(answer)) return true;
    io.writeErr('Answer "y" or "n".\n');
  }
}
