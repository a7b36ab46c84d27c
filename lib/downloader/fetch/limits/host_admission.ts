import { type Clock, systemClock } from "../../../base/mod.ts";
import { type Admission, breakerRefusal, type FailureClass, RETRY_POLICY } from "../../../failsafe/mod.ts";
import { assertNotPaused, type RunFailsafe } from "./run_failsafe.ts";

/** Options of {@linkcode HostAdmission}. */
export interface HostAdmissionOptions {
  /** Admits requests; without it, no host is refused. */
  readonly failsafe?: RunFailsafe | undefined;
  /**
   * Longest wait for a host that does not respond, in milliseconds. After it, items from that host fail, and the others
   * continue.
   *
   * @default {300000}
   */
  readonly patienceMs?: number | undefined;
  /** Called once for each wait for a host, and again when the wait grows longer. */
  readonly onWait?: ((wait: HostWait) => void) | undefined;
  /**
   * Measures time and sleeps.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** A pause during which no request is sent to a host. */
export interface HostWait {
  /** Name, with the port if it is not the default. */
  readonly host: string;
  /** Time until the breaker admits an attempt, in milliseconds. */
  readonly waitMs: number;
  /** Reason, as a predicate of the host's name: `answers with errors (500): 6 of its last 10 calls failed`. */
  readonly reason: string;
  /** Class of the failure that opened the breaker; `tripped` if a person did. */
  readonly failure: FailureClass;
}

/** Longest time between two checks of a refused host, in milliseconds: a person may close its breaker. */
const POLL_MS = 500;

/**
 * Time in milliseconds after which the start of a wait is forgotten. A breaker admits an attempt after no more than
 * five minutes, so a host that was not refused for twice as long was available in between.
 */
const FORGET_MS = 600_000;

/**
 * Asks the failsafe whether a request may be sent to a host, and waits for hosts that do not respond.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { HostAdmission } from "@civitai-dl/civitai-dl/downloader";
 * import { Failsafe } from "@civitai-dl/civitai-dl/failsafe";
 *
 * await using failsafe = Failsafe.inMemory();
 * failsafe.trip("example.com");
 * const hosts = new HostAdmission({ failsafe });
 * assertEquals(hosts.tryAdmit("example.com")?.type, "refused");
 * using admission = await hosts.admit("example.org");
 * assertEquals(admission?.type, "allowed");
 * ```
 */
export class HostAdmission {
  readonly #failsafe: RunFailsafe | undefined;
  readonly #patienceMs: number;
  readonly #clock: Clock;
  /** Refused hosts: when the wait began, and when the host was last refused. */
  readonly #unreachable = new Map<string, { readonly since: number; refusedAt: number }>();
  /** End of the last wait that was reported, by host. */
  readonly #reportedUntil = new Map<string, number>();
  readonly #onWait: (wait: HostWait) => void;

  /**
   * Start with no known waits; the failsafe is not used yet.
   *
   * @param options The failsafe, and how long to wait for a host
   */
  constructor(options: HostAdmissionOptions = {}) {
    const { failsafe, patienceMs = RETRY_POLICY.patienceMs, onWait = () => {}, clock = systemClock } = options;
    this.#onWait = onWait;
    this.#patienceMs = patienceMs;
    this.#failsafe = failsafe;
    this.#clock = clock;
  }

  /**
   * Wait until a request may be sent to a host.
   *
   * @param host Name, with the port if it is not the default
   * @param options Signal that stops the wait
   * @returns The answer of the breaker, which takes the outcome of the request; `null` without a failsafe
   * @throws {PausedError} If the failsafe pauses during the wait
   * @throws {FailureError} If the host's breaker has been open for too long; the error has the class of the failure
   * that opened it
   */
  async admit(
    host: string,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<Admission | null> {
    const { signal } = options;
    for (;;) {
      signal?.throwIfAborted();
      assertNotPaused(this.#failsafe);
      const admission = this.tryAdmit(host);
      // A probe does not prove yet that the host is up, so it does not end the wait.
      if (admission?.type === "allowed") this.#unreachable.delete(host);
      if (admission?.type !== "refused") return admission;
      this.#assertPatience(host, admission);
      this.#reportWait(host, admission);
      await this.#clock.sleep(Math.min(POLL_MS, Math.max(1, admission.retryInMs)), { signal });
    }
  }

  #reportWait(host: string, { retryInMs, refusal }: Admission): void {
    const until = this.#clock.monotonic() + retryInMs;
    // Clock and breaker are read one after the other, so the computed end of the same wait differs by a few
    // milliseconds each time.
    if (until < (this.#reportedUntil.get(host) ?? -Infinity) + POLL_MS) return;
    this.#reportedUntil.set(host, until);
    this.#onWait({ host, waitMs: retryInMs, reason: reasonOf(refusal), failure: refusal?.failure ?? "unknown" });
  }

  #assertPatience(host: string, admission: Admission): void {
    const now = this.#clock.monotonic();
    const known = this.#unreachable.get(host);
    // A host that was not refused for this long has admitted a request in between, if only a probe.
    const { since } = known === undefined || now - known.refusedAt > FORGET_MS ? { since: now } : known;
    this.#unreachable.set(host, { since, refusedAt: now });
    if (now - since < this.#patienceMs) return;
    throw breakerRefusal("Cannot fetch", { key: host, admission, waitedMs: now - since, retryable: false });
  }

  /** Ask the breaker of a host without waiting; `null` without a failsafe. */
  tryAdmit(host: string): Admission | null {
    return this.#failsafe?.admit(host) ?? null;
  }
}

function reasonOf(refusal: Admission["refusal"]): string {
  if (refusal === null) return "does not answer";
  return refusal.failure === "tripped" ? `was ${refusal.reason}` : refusal.reason;
}
