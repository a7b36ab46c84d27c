import type { FailureClass } from "../failure/failure.ts";

/** Options of {@linkcode RetryBudget}. */
export interface RetryBudgetOptions {
  /**
   * Number of tokens in a full budget.
   *
   * @default {500}
   */
  readonly capacity?: number;
  /**
   * Tokens that a success without a retry returns.
   *
   * @default {1}
   */
  readonly perSuccess?: number;
  /**
   * Tokens that a retry costs. A retry that succeeds returns them, so that only failed retries use up the budget.
   *
   * @default {14, or 5 if the server asked to slow down, because the wait already reduces load}
   */
  readonly cost?: number;
}

/**
 * A token bucket that stops a retry storm: each retry takes tokens, each success returns some. When many calls fail at
 * once, retries stop and the failures are thrown. By default, retries stop after 35 of them have failed and a
 * successful retry costs nothing: a thousand calls that always fail make 1,035 requests (the numbers of the AWS SDKs).
 * Use it only in callers without a breaker. In addition to a breaker, it only makes calls fail that another attempt
 * would complete.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { RetryBudget } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const budget = new RetryBudget({ capacity: 20, cost: 10 });
 * assertEquals([budget.trySpend(), budget.trySpend(), budget.trySpend()], [true, true, false]);
 * budget.earn();
 * assertEquals(budget.tokens, 1);
 * ```
 */
export class RetryBudget {
  readonly #capacity: number;
  readonly #perSuccess: number;
  readonly #cost: number;
  readonly #throttledCost: number;
  #tokens: number;

  /**
   * Start with a full budget.
   *
   * @param options Size, costs and refill
   */
  constructor(options: RetryBudgetOptions = {}) {
    const { capacity = 500, perSuccess = 1, cost = 14 } = options;
    this.#capacity = capacity;
    this.#perSuccess = perSuccess;
    this.#cost = cost;
    this.#throttledCost = options.cost ?? 5;
    this.#tokens = capacity;
  }

  /** Number of tokens left. */
  get tokens(): number {
    return this.#tokens;
  }

  /**
   * Pay for a retry.
   *
   * @param failure Class of the failure that is retried; `throttled` may have its own cost
   * @returns False if there are not enough tokens: do not retry
   */
  trySpend(failure?: FailureClass): boolean {
    const cost = this.#costOf(failure);
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }

  /**
   * Record a success.
   *
   * @param retried Class of the failure that the last retry paid for; absent if there was no retry
   */
  earn(retried?: FailureClass): void {
    const refund = retried === undefined ? this.#perSuccess : this.#costOf(retried);
    this.#tokens = Math.min(this.#capacity, this.#tokens + refund);
  }

  #costOf(failure: FailureClass | undefined): number {
    return failure === "throttled" ? this.#throttledCost : this.#cost;
  }
}
