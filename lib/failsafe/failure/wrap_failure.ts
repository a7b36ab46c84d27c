import { KitError } from "../../base/mod.ts";
import { classifyFailure, type FailureClass, FailureError } from "./failure.ts";

/** Descriptions that replace the messages of platform errors, which may contain a signed URL. */
const STATES: Partial<Record<FailureClass, string>> = {
  timeout: "no answer in time",
  connection: "the connection was refused or broke",
  dns: "the host name has no address",
  tls: "the secure connection could not be made",
  disk: "the file system reported an error",
  "refused-host": "this process may not connect there",
};

const HINTS: Partial<Record<FailureClass, string>> = {
  connection: "Check the network, the base URL, and the proxy if HTTPS_PROXY or HTTP_PROXY is set",
  dns: "Check the network, the base URL and the proxy",
  tls: "Check the clock and the certificates; a proxy that opens TLS needs its CA in DENO_CERT",
  "refused-host": "Name the host in --allow-net, or in the permission set of the task in deno.json, if you trust it",
  disk: "Check free space, permissions and that the folder is still there",
};

/**
 * Convert a platform error to a `FailureError` with a class and a message that is safe to show. A `KitError` is
 * returned unchanged, and so are errors of a class that has no description here.
 *
 * @param error The thrown value
 * @param action The attempted action, such as `Cannot fetch "x"`
 * @returns The value to throw
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { FailureError, wrapFailure } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const error = wrapFailure(new Deno.errors.ConnectionRefused("refused"), 'Cannot fetch "a.bin"');
 * assert(error instanceof FailureError);
 * assertEquals(error.message, 'Cannot fetch "a.bin": the connection was refused or broke');
 * ```
 */
export function wrapFailure(error: unknown, action: string): unknown {
  if (error instanceof KitError) return error;
  const failure = classifyFailure(error);
  const state = STATES[failure];
  if (state === undefined) return error;
  const hint = HINTS[failure];
  // Messages of disk errors are safe to show, and they distinguish a full disk from a missing permission.
  const reason = failure === "disk" && error instanceof Error
    ? ` (${error.message.replace(/ \(os error.*$/s, "")})`
    : "";
  return new FailureError(failure, `${action}: ${state}${reason}`, {
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  });
}
