import type { Client } from "../../../civitai/mod.ts";
import { type FailureScope, scopeOfFailure } from "./scope_of_failure.ts";

/**
 * Counts responses of the service while targets are planned, for {@linkcode scopeOfFailure}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createClient } from "@civitai-dl/civitai-dl/civitai";
 * import { ServiceWatch } from "@civitai-dl/civitai-dl/downloader";
 * import { FailureError } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const service = new ServiceWatch(createClient());
 * service.beginTarget();
 * // The service has not answered in this run, so the next target would fail too.
 * assertEquals(service.scopeOf(new FailureError("timeout", "Cannot list models: no answer in time")), "run");
 * service.endTarget({ hasFailed: true });
 * ```
 */
export class ServiceWatch {
  readonly #client: Pick<Client, "responseCount">;
  /** Consecutive targets without a response, before the current one. */
  #silentTargets = 0;
  #responsesBefore = 0;
  /** Number of consecutive galleries that could not be listed. */
  lostGalleries = 0;
  /** Number of galleries that were skipped after too many failures. */
  skippedGalleries = 0;

  /**
   * Start without targets or failures.
   *
   * @param client The client, whose `responseCount` is read before and after each target
   */
  constructor(client: Pick<Client, "responseCount">) {
    this.#client = client;
  }

  /** Number of responses so far. */
  get responses(): number {
    return this.#client.responseCount;
  }

  /** Record the start of a target; call this before the target is planned. */
  beginTarget(): void {
    this.#responsesBefore = this.responses;
  }

  /** Record the end of a target; call this after the target was planned. */
  endTarget(result: { readonly hasFailed: boolean }): void {
    this.#silentTargets = result.hasFailed && !this.hasAnsweredTarget ? this.#silentTargets + 1 : 0;
  }

  /** Whether the service has responded since the target started. */
  get hasAnsweredTarget(): boolean {
    return this.responses > this.#responsesBefore;
  }

  /** {@linkcode scopeOfFailure} for the current target. */
  scopeOf(error: unknown): FailureScope {
    const silentTargets = this.hasAnsweredTarget ? 0 : this.#silentTargets + 1;
    return scopeOfFailure(error, { hasAnswered: this.responses > 0, silentTargets });
  }
}
