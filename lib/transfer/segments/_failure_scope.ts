import type { FailureClass } from "../../failsafe/mod.ts";

/** Failures that would meet every other connection as well. */
const FATAL: ReadonlySet<FailureClass> = new Set<FailureClass>([
  "changed",
  "disk",
  "integrity",
  "too-large",
  "cancelled",
]);
/** Failures of a host that wants fewer connections. */
const REFUSALS: ReadonlySet<FailureClass> = new Set<FailureClass>(["expired", "forbidden", "rejected", "throttled"]);

/** Whom the failure of one of several connections concerns: all of them, those that were one too many, or itself. */
export function failureScope(failure: FailureClass): "all" | "more than one" | "itself" {
  if (FATAL.has(failure)) return "all";
  return REFUSALS.has(failure) ? "more than one" : "itself";
}
