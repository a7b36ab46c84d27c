import { classifyFailure, type FailureClass, FailureError, wrapFailure } from "../../failsafe/mod.ts";

/** The step in which a socket failed. */
export type SocketStep = "connect" | "tls" | "exchange";

const HINTS: Partial<Record<FailureClass, string>> = {
  connection: "Check the network and the base URL",
  dns: "Check the network and the base URL",
  tls: "Check the clock and the certificates; a proxy that opens TLS needs its CA in DENO_CERT",
};

/**
 * Convert an error of a socket to a classified failure whose message contains no URL.
 *
 * Socket errors carry less detail than those of `fetch`, but the step is known, and corrects what is misleading. A TLS
 * connection that ends without close_notify gives an error that mentions "TLS" although the connection merely broke. A
 * port that a firewall blocks gives `PermissionDenied`, which elsewhere concerns a file.
 *
 * @param error The error that the socket threw
 * @param step The step in which it was thrown
 * @param host The host, used in the message
 * @returns The error to throw; a `FailureError`, `TypeError` or `RangeError` is returned unchanged
 */
export function socketFailure(error: unknown, step: SocketStep, host: string): unknown {
  const action = `Cannot fetch from "${host}"`;
  if (error instanceof SyntaxError) {
    return new FailureError("server", `${action}: the response is not valid HTTP: ${error.message}`, { cause: error });
  }
  // The program runs without --allow-net for the host: no step of a connection failed.
  if (error instanceof Deno.errors.NotCapable) return wrapFailure(error, action);
  if (error instanceof FailureError || isWrongUse(error)) return error;
  const [failure, state] = judge(error, step);
  const hint = HINTS[failure];
  return new FailureError(failure, `${action}: ${state}`, { cause: error, ...(hint === undefined ? {} : { hint }) });
}

/** Whether the caller made a mistake, such as a header with an invalid name: the network is not the reason. */
function isWrongUse(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError;
}

function judge(error: unknown, step: SocketStep): readonly [FailureClass, string] {
  const text = error instanceof Error ? error.message : "";
  if (step === "connect") {
    if (classifyFailure(error) === "dns") return ["dns", "the host name has no address"];
    if (error instanceof Deno.errors.TimedOut) return ["timeout", "the host does not answer"];
    const isRefused = error instanceof Deno.errors.ConnectionRefused;
    return ["connection", isRefused ? "the connection was refused" : "no connection could be made"];
  }
  // TLS errors arrive as InvalidData, with a reason that names certificates and no URL.
  if (error instanceof Deno.errors.InvalidData && (step === "tls" || /certificate|alert/i.test(text))) {
    return ["tls", `the secure connection could not be made (${text})`];
  }
  if (error instanceof Deno.errors.TimedOut) return ["timeout", "the connection timed out"];
  const isReset = error instanceof Deno.errors.ConnectionReset;
  return ["connection", isReset ? "the connection was reset" : "the connection broke"];
}
