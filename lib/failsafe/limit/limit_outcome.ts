/**
 * Sign of a request with regard to the load of its host.
 *
 * - `ok`: a response arrived; `latencyMs` is the time to its first byte
 * - `flowing`: bytes of its body keep arriving
 * - `refused`: the host is overloaded (503, or 429 of a storage); `retryAfterMs` is the wait that it requested, if any
 * - `failed`: the connection broke or timed out, which is no reason to shrink the limit, but none to increase it either
 * - `ignored`: the outcome says nothing about load (404, a quota, an abort by the user)
 */
export type LimitOutcome =
  | { readonly type: "ok"; readonly latencyMs: number }
  | { readonly type: "flowing" }
  | { readonly type: "refused"; readonly retryAfterMs?: number | undefined }
  | { readonly type: "failed" }
  | { readonly type: "ignored" };
