import { classifyAddress, isLoopback } from "../base/mod.ts";
import { FailureError } from "../failsafe/mod.ts";

/**
 * Some tunnels resolve every name to an address in this range ("fake IP"). Its only other use is network benchmarking
 * (RFC 2544).
 */
const TUNNEL = /^(?:::ffff:)?198\.1[89]\./i;

/**
 * Refuse a connection into a private network: a host name may pass the check of host names and still resolve to a
 * router ("DNS rebinding"). Call it for each new connection, before anything is sent. The API's host is the user's
 * choice and may have any address. If the API runs on this machine, nothing is refused.
 *
 * @param url The requested URL
 * @param address The IP address of the connection
 * @param options The API's address
 * @throws {FailureError} `refused-host` if the address is not public; the message names the host and the address
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { checkPeer } from "@civitai-dl/civitai-dl/civitai";
 *
 * const url = new URL("https://b2.civitai.com/file/a.safetensors");
 * const options = { baseUrl: "https://civitai.com" };
 * checkPeer(url, "104.18.22.206", options);
 * assertThrows(() => checkPeer(url, "192.168.0.1", options), Error, "it resolves to 192.168.0.1");
 * ```
 */
export function checkPeer(url: URL, address: string, options: { readonly baseUrl: string }): void {
  const base = new URL(options.baseUrl);
  if (url.host === base.host || isLoopback(base.hostname) || TUNNEL.test(address)) return;
  const kind = classifyAddress(address);
  if (kind === "public") return;
  throw new FailureError(
    "refused-host",
    `Cannot fetch from "${url.hostname}": it resolves to ${address}, which is ${kind ?? "not an IP address"}`,
    {
      hint:
        "Check the name server and the hosts file of this machine, and whether something on the network forges answers",
    },
  );
}
