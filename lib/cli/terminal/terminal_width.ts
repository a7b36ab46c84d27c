import { type Env, systemEnv } from "../../base/mod.ts";

/** Columns where no terminal tells any. */
const USUAL_WIDTH = 80;
const LEAST_WIDTH = 20;

/**
 * How many columns the terminal has: what `COLUMNS` says, else the terminal itself.
 *
 * @param read Asks the system; throws where no terminal is attached
 * @param env Reads the environment
 * @returns At least 20; 80 where nobody knows, also when the terminal itself says 0, as new pseudo-terminals do
 */
export function terminalWidth(
  read: () => { readonly columns: number } = Deno.consoleSize,
  env: Env = systemEnv,
): number {
  const wished = env("COLUMNS") ?? "";
  if (/^[1-9]\d{0,4}$/.test(wished)) return Math.max(LEAST_WIDTH, Number(wished));
  try {
    const { columns } = read();
    return columns === 0 ? USUAL_WIDTH : Math.max(LEAST_WIDTH, columns);
  } catch {
    // No terminal is attached.
    return USUAL_WIDTH;
  }
}
