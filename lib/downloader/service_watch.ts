import type { Client } from "../civitai/mod.ts";
import { type FailureReach, reachOfFailure } from "./reach_of_failure.ts";

/** Remembers whether the service answers, while targets are planned. */
export class ServiceWatch {
  readonly #client: Pick<Client, "answerCount">;
  /** Before the present one. */
  #silentTargets = 0;
  #answersBefore = 0;
  /** Galleries in a row that could not be listed. */
  lostGalleries = 0;
  /** Galleries that were not asked for any more. */
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

  /** A target's turn has come. */
  beginTarget(): void {
    this.#answersBefore = this.answers;
  }

  /** The target's turn is over. */
  endTarget(end: { readonly hasFailed: boolean }): void {
    this.#silentTargets = end.hasFailed && !this.hasAnsweredTarget ? this.#silentTargets + 1 : 0;
  }

  /** Whether there was any answer since the target's turn came. */
  get hasAnsweredTarget(): boolean {
    return this.answers > this.#answersBefore;
  }

  /** How far a failure of the present target reaches; see {@linkcode reachOfFailure}. */
  reachOf(error: unknown): FailureReach {
    const silentTargets = this.hasAnsweredTarget ? 0 : this.#silentTargets + 1;
    return reachOfFailure(error, { hasAnswered: this.answers > 0, silentTargets });
  }
}
