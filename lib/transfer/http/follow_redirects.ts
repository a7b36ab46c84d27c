import { FailureError } from "../../failsafe/mod.ts";
import type { Transport } from "./transport.ts";

/** Options of {@linkcode followRedirects}. */
export interface FollowRedirectsOptions {
  /** Throws if an address must not be requested; called for the first address and for each redirect. */
  readonly check: (url: URL) => void;
}

/** Maximum number of redirects. If there are more, the transport throws a `server` failure that is not retryable. */
const MAX_HOPS = 5;

/**
 * Create a transport that follows redirects itself and checks each address first, including the initial one. For public
 * files only: the same headers are sent to every host. The caller holds the permits; `enter` is called for each host
 * that differs from the previous one.
 *
 * @param transport Sends the requests
 * @param options Which addresses are allowed
 * @returns The transport
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createTransport, followRedirects } from "@civitai-dl/civitai-dl/transfer";
 *
 * const answer = ({ url }: Request) => url.endsWith("/old") ? Response.redirect(new URL("/new", url)) : new Response();
 * await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
 * using transport = createTransport();
 * const paths: string[] = [];
 * const send = followRedirects(transport.send, { check: (url) => paths.push(url.pathname) });
 * const request = { headers: {}, signal: new AbortController().signal };
 * await using response = await send(`http://127.0.0.1:${server.addr.port}/old`, request);
 * assertEquals([response.status, paths], [200, ["/old", "/new"]]);
 * ```
 */
export function followRedirects(transport: Transport, options: FollowRedirectsOptions): Transport {
  const { check } = options;
  return async (first, request) => {
    let url = new URL(first);
    check(url);
    for (let hop = 0; hop <= MAX_HOPS; hop++) {
      const response = await transport(url.href, request);
      const location = response.headers.get("location");
      if (response.status < 300 || response.status >= 400 || location === null) return response;
      await response[Symbol.asyncDispose]();
      const next = URL.parse(location, url);
      if (next === null) {
        throw new FailureError("server", `Cannot follow a redirect from "${url.host}": no valid address`);
      }
      check(next);
      if (next.host !== url.host) await request.enter?.(next.host);
      url = next;
    }
    throw new FailureError("server", `Cannot fetch from "${url.host}": more than ${MAX_HOPS} redirects`, {
      retryable: false,
    });
  };
}
