import { FailureError } from "../failsafe/mod.ts";
import type { Transport } from "./transport.ts";

/** Options of {@linkcode followRedirects}. */
export interface FollowRedirectsOptions {
  /** Throws when a redirect must not be followed. */
  readonly check: (url: URL) => void;
  /**
   * Redirects at most.
   *
   * @default {5}
   */
  readonly maxHops?: number | undefined;
}

/**
 * Make a transport that follows redirects by hand, each one checked first. For public files only: the same headers go
 * to every host.
 *
 * @param transport Sends the requests
 * @param options Which redirects are fine
 * @returns The transport
 */
export function followRedirects(transport: Transport, options: FollowRedirectsOptions): Transport {
  const { check, maxHops = 5 } = options;
  return async (first, request) => {
    let url = new URL(first);
    for (let hop = 0; hop <= maxHops; hop++) {
      const response = await transport(url.href, request);
      const location = response.headers.get("location");
      if (response.status < 300 || response.status >= 400 || location === null) return response;
      await response[Symbol.asyncDispose]();
      const next = URL.parse(location, url);
      if (next === null) {
        throw new FailureError("server", `Cannot follow a redirect from "${url.host}": no valid address`);
      }
      check(next);
      url = next;
    }
    throw new FailureError("server", `Cannot fetch from "${url.host}": more than ${maxHops} redirects`, {
      retryable: false,
    });
  };
}
