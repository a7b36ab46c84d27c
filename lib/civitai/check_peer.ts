import { classifyAddress, isLoopback } from "../base/mod.ts";
import { FailureError } from "../failsafe/mod.ts";

/** What tunnels with invented addresses ("fake IP") give for every name: nothing else is ever there (RFC 2544). */
const TUNNEL = /^(?:::ffff:)?198\.1[89]\./i;

/**
 * Refuse a connection that a name led into a private network: a name may be a storage host's when it is checked, and
 * lead to a router when it is connected to ("DNS rebinding"). Ask it of each connection that was made, before anything
 * is sent. The API's own host is the user's choice, and may be anywhere; where it is this machine, nothing is refused.
 *
 * @param url What was to be connected to
 * @param address The IP address that is connected to
 * @param options The API's address
 * @throws {FailureError} `refused-host`, naming both
 */
export function checkPeer(url: URL, address: string, options: { readonly baseUrl: string }): void {
  const base = new URL(options.baseUrl);
  if (url.host === base.host || isLoopback(base.hostname) || TUNNEL.test(address)) return;
  const kind = classifyAddress(address);
  if (kind === "public") return;
  throw new FailureError(
    "refused-host",
    `Cannot fetch from "${url.hostname}": its name leads to ${address}, which is ${kind ?? "no address"}`,
    {
      hint: "Look at the name server and the hosts file of this machine, and who else on the network answers for names",
    },
  );
}
