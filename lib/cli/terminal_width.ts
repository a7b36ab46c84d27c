/** Columns where no terminal tells any. */
const USUAL_WIDTH = 80;
const LEAST_WIDTH = 20;

/**
 * How many columns the terminal has.
 *
 * @param read Asks the system; throws where no terminal is attached
 * @returns At least 20; 80 where nobody knows, also when the terminal itself says 0, as new pseudo-terminals do
 */
export function terminalWidth(read: () => { readonly columns: number } = Deno.consoleSize): number {
  try {
    const { columns } = read();
    return columns === 0 ? USUAL_WIDTH : Math.max(LEAST_WIDTH, columns);
  } catch {
    // No terminal is attached.
    return USUAL_WIDTH;
  }
}
