/** A timer that aborts its signal with a TimeoutError unless it is disposed or restarted first. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
  /** Start over with the full time. */
  restart(): void;
}

/** Start a timer of `ms`. It runs in real time, not on the injected clock, because it guards network I/O. */
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
