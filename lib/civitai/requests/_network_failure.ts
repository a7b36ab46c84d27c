import { messageOf } from "../../base/mod.ts";
import { classifyFailure, FailureError, wrapFailure } from "../../failsafe/mod.ts";

/**
 * Convert an error that ended an exchange into a failure. The error may be a missing permission, a missing connection,
 * a timeout or a body that is too large. A `FailureError` is returned unchanged.
 */
export function networkFailure(error: unknown, what: string, host: string): FailureError {
  if (error instanceof FailureError) return error;
  if (error instanceof Deno.errors.NotCapable) {
    return new FailureError("refused-host", `Cannot ${what}: this process may not connect to "${host}"`, {
      hint: `Allow it with --allow-net=${host}, or in the permission set of the task`,
      cause: error,
    });
  }
  const state = messageOf(error);
  if (error instanceof RangeError) {
    return new FailureError("server", `Cannot ${what}: ${state}`, { retryable: false, cause: error });
  }
  const failure = classifyFailure(error);
  const wrapped = wrapFailure(error, `Cannot ${what}`);
  // The platform's message about a failed connection contains little more than the address: use the wrapped message and
  // add the host. Its other messages are specific.
  if (wrapped instanceof FailureError && ["connection", "dns", "tls"].includes(failure)) {
    const hint = wrapped.hint === undefined ? {} : { hint: wrapped.hint };
    return new FailureError(failure, `${wrapped.message} ("${host}")`, { cause: error, ...hint });
  }
  const hint = failure === "timeout" ? { hint: "Run again later to continue; --timeout sets how long to wait" } : {};
  return new FailureError(failure === "unknown" ? "connection" : failure, `Cannot ${what}: ${state}`, {
    cause: error,
    ...hint,
  });
}
