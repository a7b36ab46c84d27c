import type { FailureClass } from "../../failsafe/mod.ts";

/** Failures that every other connection would encounter, too. */
const FATAL: ReadonlySet<FailureClass> = new Set<FailureClass>([
  "changed",
  "disk",
  "integrity",
  "too-large",
  "cancelled",
]);
/** Failures by which a host may indicate that it accepts fewer connections. */
const REFUSALS: ReadonlySet<FailureClass> = new Set<FailureClass>(["expired", "forbidden", "rejected", "throttled"]);

/**
 * How far the failure of one of several connections reaches: "all" ends the transfer, "more than one" restricts it to
 * one connection, "itself" ends only the connection that failed.
 */
export function failureScope(failure: FailureClass): "all" | "more than one" | "itself" {
  if (FATAL.has(failure)) return "all";
  return REFUSALS.has(failure) ? "more than one" : "itself";
}
