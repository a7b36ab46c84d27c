import { isIP } from "node:net";
import { classifyAddress, isLoopback } from "../../base/mod.ts";
import type { ListenAddress } from "./parse_listen.ts";

const LOOPBACK = ["127.0.0.1", "localhost", "::1"];
const HTTPS_PORT = 443;

/**
 * Which values of `Host` a server at this address accepts. A page of a stranger can make a browser call us by a name of
 * its own that leads to 127.0.0.1 ("DNS rebinding"); then the browser takes our answers for that page's own. The name
 * gives it away.
 *
 * @param address Where the server really listens
 * @param extra More names, each with the port that clients use, or without one for ours and 443 (a proxy with TLS)
 * @returns Tells whether a `Host` is one of ours
 */
export function allowedHosts(address: ListenAddress, extra: readonly string[] = []): (host: string) => boolean {
  const { hostname, port } = address;
  const isWildcard = classifyAddress(hostname) === "unspecified";
  const names = isLoopback(hostname) || isWildcard ? [...LOOPBACK, hostname] : [hostname];
  const allowed = new Set(names.flatMap((name) => [...spell(name, port)]));
  for (const name of extra.flatMap((given) => [...spellExtra(given, port)])) allowed.add(name.toLowerCase());
  return (host) => {
    const wanted = host.toLowerCase();
    if (allowed.has(wanted)) return true;
    // Nobody can make an IP address lead elsewhere, and a wildcard listens on all of the machine's.
    const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(wanted);
    return isWildcard && match !== null && isIP(match[1] ?? match[2]!) !== 0 && Number(match[3] ?? 80) === port;
  };
}

/** A proxy with TLS passes on the name that it is called by, and clients leave out a usual port. */
function* spellExtra(name: string, port: number): Generator<string> {
  const [, host = name, given] = /^(.*[^:]):(\d+)$/.exec(name) ?? [];
  const ports = given === undefined ? [port, HTTPS_PORT] : [Number(given)];
  for (const one of ports) yield* spell(host, one);
  if (ports.includes(HTTPS_PORT)) yield host;
}

function* spell(name: string, port: number): Generator<string> {
  const host = name.includes(":") && !name.startsWith("[") ? `[${name}]` : name;
  yield `${host}:${port}`;
  if (port === 80) yield host;
}
