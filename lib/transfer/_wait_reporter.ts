import type { StepWait, WaitStep } from "../failsafe/mod.ts";
import type { StallWatch } from "./rate/stall_watch.ts";
import type { TransferState } from "./_transfer_state.ts";
import type { TransportOptions } from "./http/transport.ts";

/** Reports the waits of one request: connection, headers and body. */
export class WaitReporter {
  readonly #state: TransferState;
  readonly #headerTimeoutMs: number;
  #host: string;
  #step: WaitStep = "headers";
  #connectionAgeMs: number | null = null;
  #hasExpired = false;

  constructor(state: TransferState, options: { readonly host: string; readonly headerTimeoutMs: number }) {
    this.#state = state;
    this.#host = options.host;
    this.#headerTimeoutMs = options.headerTimeoutMs;
  }

  /** The callbacks for the transport. */
  get observers(): Pick<TransportOptions, "onWait" | "onStep"> {
    if (this.#state.line.onWait === undefined) return {};
    return {
      onWait: (wait) => this.#report(wait),
      onStep: (step, connectionAgeMs) => {
        this.#step = step;
        this.#connectionAgeMs = connectionAgeMs;
      },
    };
  }

  /** Report response headers, of the file or of a redirect to `next`. */
  recordHeaders(elapsedMs: number, next: string = this.#host): void {
    this.#recordLimited("headers", { outcome: "ok", elapsedMs });
    if (next === this.#host) return;
    this.#host = next;
    this.#step = "headers";
    this.#connectionAgeMs = null;
  }

  /**
   * Report that the header timeout expired, in whatever step the request was: it also limits the connection. Both
   * timeouts may expire in the same moment; one report is enough.
   */
  recordHeaderTimeout(elapsedMs: number): void {
    if (this.#hasExpired) return;
    this.#recordLimited(this.#step, { outcome: "timeout", elapsedMs });
  }

  /** Report the longest wait of a body, or its stall. Does nothing if the body was not read. */
  recordBody({ longestWaitMs, hasStalled }: StallWatch, stallMs: number): void {
    if (longestWaitMs === null) return;
    this.#report({
      step: "body",
      host: this.#host,
      outcome: hasStalled ? "timeout" : "ok",
      limitMs: stallMs,
      elapsedMs: hasStalled ? stallMs : longestWaitMs,
      connectionAgeMs: this.#connectionAgeMs,
    });
  }

  #recordLimited(step: WaitStep, end: Pick<StepWait, "outcome" | "elapsedMs">): void {
    const host = this.#host;
    this.#report({ step, host, ...end, limitMs: this.#headerTimeoutMs, connectionAgeMs: this.#connectionAgeMs });
  }

  #report(wait: StepWait): void {
    const { line: { onWait }, attempt } = this.#state;
    this.#hasExpired ||= wait.outcome === "timeout";
    onWait?.({ ...wait, operation: "transfer", attempt: Math.max(1, attempt) });
  }
}
