/** A timer that aborts with a TimeoutError, unless it is stopped or pushed back first. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
  /** Begin anew. */
  restart(): void;
}

/** Start a timer in real time: it guards the network, which no test clock moves. */
export function startDeadline(ms: number, reason: string): Deadline {
  const controller = new AbortController();
  const fire = () => controller.abort(new DOMException(reason, "TimeoutError"));
  let timer = setTimeout(fire, ms);
  return {
    signal: controller.signal,
    restart() {
      clearTimeout(timer);
      timer = setTimeout(fire, ms);
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
