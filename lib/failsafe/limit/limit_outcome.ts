/**
 * How a piece of work ended, as far as it tells about the load of its host.
 *
 * - `ok`: an answer came; `latencyMs` is the time to its first byte
 * - `refused`: the host had enough (503, or 429 of a storage); `retryAfterMs` is what it asked for, if it did
 * - `failed`: the connection broke or timed out: no reason to shrink, but none to grow
 * - `ignored`: says nothing about load (404, a quota, the user's abort)
 */
export type LimitOutcome =
  | { readonly type: "ok"; readonly latencyMs: number }
  | { readonly type: "refused"; readonly retryAfterMs?: number | undefined }
  | { readonly type: "failed" }
  | { readonly type: "ignored" };
