import { type Env, systemEnv } from "../../base/mod.ts";

/** The width if neither `COLUMNS` nor a terminal reports one. */
const DEFAULT_WIDTH = 80;
const MIN_WIDTH = 20;

/**
 * Determine the columns of the terminal: from `COLUMNS`, otherwise from the terminal itself.
 *
 * @param read Queries the terminal; throws if none is attached
 * @returns At least 20; 80 if the width is unknown, or if the terminal reports 0, as new pseudo-terminals do
 */
export function terminalWidth(
  read: () => { readonly columns: number } = Deno.consoleSize,
  env: Env = systemEnv,
): number {
  const requested = env("COLUMNS") ?? "";
  if (/^[1-9]\d{0,4}$/.test(requested)) return Math.max(MIN_WIDTH, Number(requested));
  try {
    const { columns } = read();
    return columns === 0 ? DEFAULT_WIDTH : Math.max(MIN_WIDTH, columns);
  } catch {
    // No terminal is attached.
    return DEFAULT_WIDTH;
  }
}
