/** Calls `tick` every `ms` milliseconds until disposed; does not keep the process alive. */
export type Ticker = (ms: number, tick: () => void) => Disposable;

/**
 * Start a timer of the runtime.
 *
 * @param ms The interval in milliseconds
 * @returns A handle that stops the timer when disposed
 */
export function systemTicker(ms: number, tick: () => void): Disposable {
  const id = setInterval(tick, ms);
  Deno.unrefTimer(id);
  return { [Symbol.dispose]: () => clearInterval(id) };
}
