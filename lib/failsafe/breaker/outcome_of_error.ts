import type { CallOutcome } from "./call_outcome.ts";
import { classifyFailure, FailureError } from "../failure/failure.ts";

/** Errors of the platform that hide below others; deeper there is nothing new. */
const MAX_DEPTH = 8;

/**
 * What a thrown error says about what was called.
 *
 * @param error What was thrown
 * @returns The outcome: `ignored` for what the caller stopped, else `failed` with its class, and `isHard` when the
 * connection was refused, the host unreachable or its name unknown
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
    if (current instanceof Deno.errors.ConnectionRefused) return true;
    if (/connection refused|unreachable|actively refused/i.test(current.message)) return true;
    current = current.cause;
  }
  return false;
}
