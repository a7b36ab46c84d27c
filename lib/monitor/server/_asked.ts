import type { IncomingMessage } from "node:http";

/** What a request asks, as far as it matters here. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Every `Host` that it names, in headers and in its first line; empty if it names none. */
  readonly hosts: readonly string[];
  /** A header, or `null`. */
  readonly header: (name: string) => string | null;
}

/** Read what a request asks; `null` if its first line makes no sense. */
export function readAsked(request: IncomingMessage): Asked | null {
  const { method = "", url: target = "", headersDistinct } = request;
  // A proxy's form of the first line names a host of its own, which may be another than the header's.
  const named = /^https?:\/\/([^/?#]*)/i.exec(target);
  const rest = named === null ? target : target.slice(named[0].length) || "/";
  if (!rest.startsWith("/")) return null;
  const [path = "", search = ""] = rest.split(/\?(.*)/s);
  return {
    method,
    path,
    query: new URLSearchParams(search),
    hosts: [...headersDistinct.host ?? [], ...named === null ? [] : [named[1]!]],
    header: (name) => headersDistinct[name]?.join(", ") ?? null,
  };
}
