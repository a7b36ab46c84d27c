import type { Clock } from "../../base/mod.ts";
import { classifyFailure, type FailureClass, FailureError } from "../../failsafe/mod.ts";

/** Number of failures to remember. */
const MAX_REMEMBERED = 10_000;
const MINUTE_MS = 60_000;
/** How long a failure about one picture is remembered. */
const FINAL_MS = 60 * MINUTE_MS;
/** How long a failure of the network or the host is remembered. */
const SHORT_MS = MINUTE_MS / 2;
const MAX_WAIT_MS = 10 * MINUTE_MS;
/** What a request a moment later would answer in the same way. */
const FINAL: ReadonlySet<FailureClass> = new Set<FailureClass>([
  "gone",
  "rejected",
  "refused-host",
  "unusable",
  "too-large",
  "expired",
]);

/** Remembers which pictures could not be fetched, so that a page that is scrolled does not request them again and again. */
export class FailureMemory {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #failures = new Map<string, { readonly error: unknown; readonly until: number }>();

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** Remember a failure for a while, unless it says nothing about the next request. */
  add(key: string, error: unknown): void {
    const failure = classifyFailure(error);
    const isOwn = error instanceof FailureError && error.refusedBy !== undefined;
    if (failure === "cancelled" || failure === "unknown" || isOwn) return;
    const wanted = error instanceof FailureError ? error.retryAfterMs ?? 0 : 0;
    const forMs = FINAL.has(failure) ? FINAL_MS : Math.min(MAX_WAIT_MS, Math.max(SHORT_MS, wanted));
    this.#failures.delete(key);
    this.#failures.set(key, { error, until: this.#clock.monotonic() + forMs });
    if (this.#failures.size > MAX_REMEMBERED) this.#failures.delete(this.#failures.keys().next().value!);
  }

  /** Throw the remembered failure, if there is one. */
  throwIfKnown(key: string): void {
    const known = this.#failures.get(key);
    if (known === undefined) return;
    if (known.until > this.#clock.monotonic()) throw known.error;
    this.#failures.delete(key);
  }
}
