import { isIP } from "node:net";
import { classifyAddress, isLoopback } from "../base/mod.ts";
import type { ListenAddress } from "./parse_listen.ts";

const LOOPBACK = ["127.0.0.1", "localhost", "::1"];

/**
 * Which values of `Host` a server at this address accepts. A page of a stranger can make a browser call us by a name of
 * its own that leads to 127.0.0.1 ("DNS rebinding"); then the browser takes our answers for that page's own. The name
 * gives it away.
 *
 * @param address Where the server really listens
 * @param extra More names, with or without a port
 * @returns Tells whether a `Host` is one of ours
 */
export function allowedHosts(address: ListenAddress, extra: readonly string[] = []): (host: string) => boolean {
  const { hostname, port } = address;
  const isWildcard = classifyAddress(hostname) === "unspecified";
  const names = isLoopback(hostname) || isWildcard ? [...LOOPBACK, hostname] : [hostname];
  const allowed = new Set(names.flatMap((name) => [...spell(name, port)]));
  for (const name of extra) {
    for (const spelt of /:\d+$/.test(name) ? [name] : spell(name, port)) allowed.add(spelt.toLowerCase());
  }
  return (host) => {
    const wanted = host.toLowerCase();
    if (allowed.has(wanted)) return true;
    // Nobody can make an IP address lead elsewhere, and a wildcard listens on all of the machine's.
    const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(wanted);
    return isWildcard && match !== null && isIP(match[1] ?? match[2]!) !== 0 && Number(match[3] ?? 80) === port;
  };
}

function* spell(name: string, port: number): Generator<string> {
  const host = name.includes(":") && !name.startsWith("[") ? `[${name}]` : name;
  yield `${host}:${port}`;
  if (port === 80) yield host;
}
