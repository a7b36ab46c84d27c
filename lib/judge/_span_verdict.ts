import type { Verdict } from "./claim.ts";
import { type Limit, meets } from "./requirement.ts";

/** Pass if the whole interval meets the limit, fail if no part of it does, otherwise inconclusive. */
export function spanVerdict(limit: Limit, low: number, high: number): Verdict {
  const isLowRight = meets(limit, low);
  const isHighRight = meets(limit, high);
  if (isLowRight && isHighRight) return "pass";
  if (limit.op === "=") return low <= limit.value && high >= limit.value ? "inconclusive" : "fail";
  return isLowRight || isHighRight ? "inconclusive" : "fail";
}
