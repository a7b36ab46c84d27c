/** Calls `tick` every `ms` until disposed, and does not keep the process alive. */
export type Ticker = (ms: number, tick: () => void) => Disposable;

/**
 * The machine's own ticker.
 *
 * @param ms How often
 * @param tick What to do
 * @returns Dispose it to stop
 */
export function systemTicker(ms: number, tick: () => void): Disposable {
  const id = setInterval(tick, ms);
  Deno.unrefTimer(id);
  return { [Symbol.dispose]: () => clearInterval(id) };
}
