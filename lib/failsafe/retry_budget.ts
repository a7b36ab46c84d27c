import type { FailureClass } from "./failure.ts";

/** Options of {@linkcode RetryBudget}. */
export interface RetryBudgetOptions {
  /**
   * Tokens that may be spent at once.
   *
   * @default {20}
   */
  readonly capacity?: number;
  /**
   * What a success gives back.
   *
   * @default {0.5}
   */
  readonly perSuccess?: number;
  /**
   * What a retry costs.
   *
   * @default {1}
   */
  readonly cost?: number;
  /**
   * What a retry costs after we were told to slow down, which the wait answers already.
   *
   * @default {cost}
   */
  readonly throttledCost?: number;
  /**
   * Give a retry's cost back when it succeeds, so that only retries in vain use the budget up.
   *
   * @default {false}
   */
  readonly refunds?: boolean;
}

/**
 * A budget for many calls to something that may fail as a whole: 35 retries in vain and then none, until successes have
 * filled it up again; a retry that helps costs nothing. A thousand calls to what always fails make 1 035 requests.
 */
export const STORM_BUDGET: Readonly<Required<RetryBudgetOptions>> = {
  ...{ capacity: 500, cost: 14, throttledCost: 5, perSuccess: 1, refunds: true },
};

/**
 * A token bucket that stops a retry storm: each retry takes from it, each success gives some back. When many things fail
 * at once, retries stop and the failures come through.
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
    const { capacity = 20, perSuccess = 0.5, cost = 1, throttledCost = cost, refunds = false } = options;
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
