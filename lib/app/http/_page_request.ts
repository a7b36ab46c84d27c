import type { IncomingMessage } from "node:http";

/** The parts of a request that the server uses. */
export interface PageRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Every host that the request names, in `Host` headers and in the request line; empty if it names none. */
  readonly hosts: readonly string[];
  /** The value of a header by its lower-case name; `null` if absent. */
  readonly header: (name: string) => string | null;
}

/** Read a request; `null` if its request line is invalid. */
export function readPageRequest(request: IncomingMessage): PageRequest | null {
  const { method = "", url: target = "", headersDistinct } = request;
  // The absolute form of the request line, for proxies, names a host that may differ from that of the header.
  const named = /^https?:\/\/([^/?#]*)/i.exec(target);
  const rest = named === null ? target : target.slice(named[0].length) || "/";
  if (!rest.startsWith("/")) return null;
  const [path = ""] = rest.split("?", 1);
  return {
    method,
    path,
    query: new URLSearchParams(rest.slice(path.length + 1)),
    hosts: [...headersDistinct.host ?? [], ...named === null ? [] : [named[1]!]],
    header: (name) => headersDistinct[name]?.join(", ") ?? null,
  };
}
