import type { FailureClass } from "../failure/failure.ts";

/** Options of {@linkcode RetryBudget}. */
export interface RetryBudgetOptions {
  /**
   * Tokens that may be spent at once.
   *
   * @default {500}
   */
  readonly capacity?: number;
  /**
   * What a success gives back.
   *
   * @default {1}
   */
  readonly perSuccess?: number;
  /**
   * What a retry costs.
   *
   * @default {14}
   */
  readonly cost?: number;
  /**
   * What a retry costs after we were told to slow down, which the wait answers already.
   *
   * @default {5, or `cost` where that is given}
   */
  readonly throttledCost?: number;
  /**
   * Give a retry's cost back when it succeeds, so that only retries in vain use the budget up.
   *
   * @default {true}
   */
  readonly refunds?: boolean;
}

/**
 * A token bucket that stops a retry storm: each retry takes from it, each success gives some back. When many things fail
 * at once, retries stop and the failures come through. By default 35 retries in vain are followed by none, and a retry
 * that helps costs nothing: a thousand calls to what always fails make 1 035 requests (the numbers of AWS's SDKs). For
 * callers that have no breaker: beside one, it only makes calls fail that another try would bring.
 */
export class RetryBudget {
  readonly #capacity: number;
  readonly #perSuccess: number;
  readonly #cost: number;
  readonly #throttledCost: number;
  readonly #refunds: boolean;
  #tokens: number;

  /**
   * Make one.
   *
   * @param options Size, costs and refill
   */
  constructor(options: RetryBudgetOptions = {}) {
    const { capacity = 500, perSuccess = 1, cost = 14, refunds = true } = options;
    const { throttledCost = options.cost ?? 5 } = options;
    this.#capacity = capacity;
    this.#perSuccess = perSuccess;
    this.#cost = cost;
    this.#throttledCost = throttledCost;
    this.#refunds = refunds;
    this.#tokens = capacity;
  }

  /** Tokens left. */
  get tokens(): number {
    return this.#tokens;
  }

  /**
   * Pay for a retry.
   *
   * @param failure What is retried; `throttled` may have a price of its own
   * @returns False when not enough is left: do not retry
   */
  spend(failure?: FailureClass): boolean {
    const cost = this.#costOf(failure);
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }

  /**
   * Note a success.
   *
   * @param retried What the last retry was paid for, if there was one
   */
  earn(retried?: FailureClass): void {
    const refund = this.#refunds && retried !== undefined ? this.#costOf(retried) : this.#perSuccess;
    this.#tokens = Math.min(this.#capacity, this.#tokens + refund);
  }

  #costOf(failure: FailureClass | undefined): number {
    return failure === "throttled" ? this.#throttledCost : this.#cost;
  }
}
