import type { PhaseWait, WaitPhase } from "../failsafe/mod.ts";
import type { StallWatch } from "./rate/stall_watch.ts";
import type { TransferState } from "./_transfer_state.ts";
import type { TransportOptions } from "./http/transport.ts";

/** Reports the waits of one request: connection, headers and body. */
export class WaitReporter {
  readonly #state: TransferState;
  readonly #headerTimeoutMs: number;
  #host: string;
  #phase: WaitPhase = "headers";
  #connectionAgeMs: number | null = null;
  #hasExpired = false;

  constructor(state: TransferState, options: { readonly host: string; readonly headerTimeoutMs: number }) {
    this.#state = state;
    this.#host = options.host;
    this.#headerTimeoutMs = options.headerTimeoutMs;
  }

  /** The callbacks for the transport. */
  get observers(): Pick<TransportOptions, "onWait" | "onPhase"> {
    if (this.#state.line.onWait === undefined) return {};
    return {
      onWait: (wait) => this.#report(wait),
      onPhase: (phase, connectionAgeMs) => {
        this.#phase = phase;
        this.#connectionAgeMs = connectionAgeMs;
      },
    };
  }

  /** Report response headers, of the file or of a redirect to `next`. */
  recordHeaders(elapsedMs: number, next: string = this.#host): void {
    this.#recordLimited("headers", { outcome: "ok", elapsedMs });
    if (next === this.#host) return;
    this.#host = next;
    this.#phase = "headers";
    this.#connectionAgeMs = null;
  }

  /**
   * Report that the header timeout expired, in whatever phase the request was: it also limits the connection. Both
   * timeouts may expire in the same moment; one report is enough.
   */
  recordHeaderTimeout(elapsedMs: number): void {
    if (this.#hasExpired) return;
    this.#recordLimited(this.#phase, { outcome: "timeout", elapsedMs });
  }

  /** Report the longest wait of a body, or its stall. Does nothing if the body was not read. */
  recordBody({ longestWaitMs, hasStalled }: StallWatch, stallMs: number): void {
    if (longestWaitMs === null) return;
    this.#report({
      phase: "body",
      host: this.#host,
      outcome: hasStalled ? "timeout" : "ok",
      limitMs: stallMs,
      elapsedMs: hasStalled ? stallMs : longestWaitMs,
      connectionAgeMs: this.#connectionAgeMs,
    });
  }

  #recordLimited(phase: WaitPhase, end: Pick<PhaseWait, "outcome" | "elapsedMs">): void {
    const host = this.#host;
    this.#report({ phase, host, ...end, limitMs: this.#headerTimeoutMs, connectionAgeMs: this.#connectionAgeMs });
  }

  #report(wait: PhaseWait): void {
    const { line: { onWait }, attempt } = this.#state;
    this.#hasExpired ||= wait.outcome === "timeout";
    onWait?.({ ...wait, operation: "transfer", attempt: Math.max(1, attempt) });
  }
}
