import { isIP } from "node:net";
import { classifyAddress, isLoopback } from "../../base/mod.ts";
import type { ListenAddress } from "./parse_listen.ts";

const LOOPBACK = ["127.0.0.1", "localhost", "::1"];
const HTTPS_PORT = 443;

/**
 * Decide which values of `Host` a server at this address accepts, as protection against DNS rebinding: a foreign
 * website can let its own host name resolve to 127.0.0.1, and the browser then treats the responses of this server as
 * part of that website. Such requests carry the foreign name in `Host`.
 *
 * @param address The address that the server listens on, with its actual port
 * @param extra Additional names, each with the port that clients use; a name without a port is accepted at the server's
 * port and at 443 (a TLS proxy)
 * @returns A function that returns whether a value of `Host` is accepted
 */
export function allowedHosts(address: ListenAddress, extra: readonly string[] = []): (host: string) => boolean {
  const { hostname, port } = address;
  const isWildcard = classifyAddress(hostname) === "unspecified";
  const names = isLoopback(hostname) || isWildcard ? [...LOOPBACK, hostname] : [hostname];
  const allowed = new Set(names.flatMap((name) => [...formatHosts(name, port)]));
  for (const name of extra.flatMap((given) => [...formatExtraHosts(given, port)])) allowed.add(name.toLowerCase());
  return (host) => {
    const wanted = host.toLowerCase();
    if (allowed.has(wanted)) return true;
    // An IP address cannot be rebound, and a wildcard listens on all addresses of the machine.
    const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(wanted);
    return isWildcard && match !== null && isIP(match[1] ?? match[2]!) !== 0 && Number(match[3] ?? 80) === port;
  };
}

/** A TLS proxy passes on the name that the client used, and clients omit the default port. */
function* formatExtraHosts(name: string, port: number): Generator<string> {
  const [, host = name, given] = /^(.*[^:]):(\d+)$/.exec(name) ?? [];
  const ports = given === undefined ? [port, HTTPS_PORT] : [Number(given)];
  for (const one of ports) yield* formatHosts(host, one);
  if (ports.includes(HTTPS_PORT)) yield host;
}

function* formatHosts(name: string, port: number): Generator<string> {
  const host = name.includes(":") && !name.startsWith("[") ? `[${name}]` : name;
  yield `${host}:${port}`;
  if (port === 80) yield host;
}
