import type { FailureClass } from "./failure.ts";

/**
 * How much a failure counts against a host.
 *
 * - `hard`: the host is unreachable; a few such failures in a row open its breaker
 * - `counted`: it did not do its work; a high share of such failures opens its breaker
 * - `answered`: it works, but refused one request; this counts as a success
 * - `none`: the failure says nothing about it, because the cause is local or another mechanism handles it
 */
export type FailureWeight = "hard" | "counted" | "answered" | "none";

/**
 * 429, 503 with Retry-After and an exhausted quota have no weight: they are handled by waiting, a smaller limit or
 * stopping.
 */
const WEIGHTS: Readonly<Record<FailureClass, FailureWeight>> = {
  dns: "hard",
  connection: "counted",
  timeout: "counted",
  stall: "counted",
  server: "counted",
  tls: "counted",
  integrity: "counted",
  expired: "answered",
  login: "answered",
  forbidden: "answered",
  gone: "answered",
  "early-access": "answered",
  archived: "answered",
  disabled: "answered",
  region: "answered",
  rejected: "answered",
  pagecap: "answered",
  changed: "answered",
  "refused-host": "none",
  throttled: "none",
  "too-large": "answered",
  flagged: "answered",
  quota: "none",
  disk: "none",
  cancelled: "none",
  unknown: "none",
  unusable: "answered",
  tripped: "none",
};

/**
 * Check whether a string is the name of a failure class.
 *
 * @param text Any string, for example from a state file
 * @returns True if this version of the program has such a class
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { isFailureClass } from "@civitai-dl/civitai-dl/failsafe";
 *
 * assert(isFailureClass("timeout") && !isFailureClass("toString"));
 * ```
 */
export function isFailureClass(text: string): text is FailureClass {
  return Object.hasOwn(WEIGHTS, text);
}

/**
 * Weigh a failure against the host that was called.
 *
 * @param failure The failure class
 * @returns The weight; `connection` is `counted` because it includes resets as well as refusals, see `outcomeOfError`
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { failureWeight } from "@civitai-dl/civitai-dl/failsafe";
 *
 * assertEquals(failureWeight("dns"), "hard");
 * assertEquals(failureWeight("gone"), "answered");
 * ```
 */
export function failureWeight(failure: FailureClass): FailureWeight {
  return WEIGHTS[failure];
}
