import { isDenoError } from "../../base/mod.ts";
import type { CallOutcome } from "./call_outcome.ts";
import { classifyFailure, FailureError } from "../failure/failure.ts";

/** Maximum depth of `cause` to search; also ends the search if causes form a cycle. */
const MAX_DEPTH = 8;

/**
 * Convert a thrown error to the outcome of a call.
 *
 * @param error The thrown value
 * @returns `ignored` if the caller canceled the call, otherwise `failed` with the failure class. `isHard` is true if
 * the connection was refused, the host is unreachable, or its name is unknown
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { outcomeOfError } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const outcome = outcomeOfError(new Deno.errors.ConnectionRefused("refused"));
 * assertEquals(outcome, { type: "failed", failure: "connection", isHard: true });
 * assertEquals(outcomeOfError(new DOMException("stopped", "AbortError")), { type: "ignored" });
 * ```
 */
export function outcomeOfError(error: unknown): CallOutcome {
  const failure = classifyFailure(error);
  if (failure === "cancelled") return { type: "ignored" };
  const status = error instanceof FailureError ? error.status : undefined;
  const known = status === undefined ? {} : { status };
  return {
    type: "failed",
    failure,
    ...known,
    isHard: failure === "dns" || (failure === "connection" && isRefused(error)),
  };
}

function isRefused(error: unknown): boolean {
  let current = error;
  for (let depth = 0; depth < MAX_DEPTH && current instanceof Error; depth++) {
    if (isDenoError(current, "ConnectionRefused")) return true;
    if ("code" in current && current.code === "ECONNREFUSED") return true;
    if (/connection refused|unreachable|actively refused/i.test(current.message)) return true;
    current = current.cause;
  }
  return false;
}
