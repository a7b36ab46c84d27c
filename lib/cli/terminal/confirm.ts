import { KitError } from "../../base/mod.ts";
import type { Io, ReadOptions } from "./io.ts";

/** Options of {@linkcode confirm}. */
export interface ConfirmOptions extends ReadOptions {
  /**
   * The answer is already known to be yes.
   *
   * @default {false}
   */
  readonly yes?: boolean;
  /**
   * The flag that would answer.
   *
   * @default {"--yes"}
   */
  readonly flag?: string;
}

/**
 * Ask a person to agree; the default answer is no.
 *
 * @param io Where to ask
 * @param question A question, with its question mark
 * @param options A known answer, the flag to name
 * @returns Whether the answer is yes
 * @throws {KitError} `usage` when nobody can answer
 */
export async function confirm(io: Io, question: string, options: ConfirmOptions = {}): Promise<boolean> {
  const { yes = false, flag = "--yes", signal } = options;
  if (yes) return true;
  if (!io.inIsTerminal || !io.errIsTerminal) {
    throw new KitError("usage", `Cannot ask "${question}": no terminal to answer on`, {
      hint: `Give ${flag} to answer yes`,
    });
  }
  const answer = await io.readLine(`${question} [y/N] `, { signal });
  return /^\s*y(es)?\s*$/i.test(answer ?? "");
}
