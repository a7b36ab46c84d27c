/** Options of {@linkcode RetryBudget}. */
export interface RetryBudgetOptions {
  /**
   * Retries that may be spent at once.
   *
   * @default {20}
   */
  readonly capacity?: number;
  /**
   * What each success gives back.
   *
   * @default {0.5}
   */
  readonly perSuccess?: number;
}

/**
 * A token bucket that stops a retry storm: each retry takes a token, each success gives back part of one. When many
 * things fail at once, retries stop and the failures come through.
 */
export class RetryBudget {
  readonly #capacity: number;
  readonly #perSuccess: number;
  #tokens: number;

  /**
   * Make one.
   *
   * @param options Size and refill
   */
  constructor(options: RetryBudgetOptions = {}) {
    const { capacity = 20, perSuccess = 0.5 } = options;
    this.#capacity = capacity;
    this.#perSuccess = perSuccess;
    this.#tokens = capacity;
  }

  /** Tokens left. */
  get tokens(): number {
    return this.#tokens;
  }

  /** Take a token; false when none is left. */
  spend(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  /** Note a success. */
  earn(): void {
    this.#tokens = Math.min(this.#capacity, this.#tokens + this.#perSuccess);
  }
}
