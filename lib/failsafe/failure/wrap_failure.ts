import { KitError } from "../../base/mod.ts";
import { classifyFailure, type FailureClass, FailureError } from "./failure.ts";

/** What the platform's errors mean, without their texts: those may hold a signed URL. */
const STATES: Partial<Record<FailureClass, string>> = {
  timeout: "no answer in time",
  connection: "the connection was refused or broke",
  dns: "the host name has no address",
  tls: "the secure connection could not be made",
  disk: "the file system refused",
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
 * Give a platform error its class and a message that is safe to show; leave errors that are ours already, and those
 * of no known class, as they are.
 *
 * @param error What was thrown
 * @param action What was attempted, such as `Cannot fetch "x"`
 * @returns What to throw
 */
export function wrapFailure(error: unknown, action: string): unknown {
  if (error instanceof KitError) return error;
  const failure = classifyFailure(error);
  const state = STATES[failure];
  if (state === undefined) return error;
  const hint = HINTS[failure];
  // What the disk says is safe to show, and tells a full one from a locked one.
  const reason = failure === "disk" && error instanceof Error
    ? ` (${error.message.replace(/ \(os error.*$/s, "")})`
    : "";
  return new FailureError(failure, `${action}: ${state}${reason}`, {
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  });
}
