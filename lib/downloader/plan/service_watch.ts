import type { Client } from "../../civitai/mod.ts";
import { type FailureReach, reachOfFailure } from "./reach_of_failure.ts";

/** Counts answers of the service while targets are planned, for {@linkcode reachOfFailure}. */
export class ServiceWatch {
  readonly #client: Pick<Client, "answerCount">;
  /** Before the present one. */
  #silentTargets = 0;
  #answersBefore = 0;
  /** Galleries in a row that could not be listed. */
  lostGalleries = 0;
  /** Galleries that were skipped after too many failures. */
  skippedGalleries = 0;

  /**
   * Make one.
   *
   * @param client Counts the answers
   */
  constructor(client: Pick<Client, "answerCount">) {
    this.#client = client;
  }

  /** Answers so far. */
  get answers(): number {
    return this.#client.answerCount;
  }

  /** Call before a target is planned. */
  beginTarget(): void {
    this.#answersBefore = this.answers;
  }

  /** Call after the target was planned. */
  endTarget(end: { readonly hasFailed: boolean }): void {
    this.#silentTargets = end.hasFailed && !this.hasAnsweredTarget ? this.#silentTargets + 1 : 0;
  }

  /** Whether the service has answered since the target began. */
  get hasAnsweredTarget(): boolean {
    return this.answers > this.#answersBefore;
  }

  /** {@linkcode reachOfFailure} for the current target. */
  reachOf(error: unknown): FailureReach {
    const silentTargets = this.hasAnsweredTarget ? 0 : this.#silentTargets + 1;
    return reachOfFailure(error, { hasAnswered: this.answers > 0, silentTargets });
  }
}
