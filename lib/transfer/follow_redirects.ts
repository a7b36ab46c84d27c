import { FailureError } from "../failsafe/mod.ts";
import { type ConnectionGate, type ConnectionPermit, OPEN_GATE } from "./connection_gate.ts";
import type { Transport, TransportResponse } from "./transport.ts";

/** Options of {@linkcode followRedirects}. */
export interface FollowRedirectsOptions {
  /** Throws when a redirect must not be followed. */
  readonly check: (url: URL) => void;
  /**
   * Asked for leave at each further host; the leave for the first is the caller's.
   *
   * @default {OPEN_GATE}
   */
  readonly gate?: ConnectionGate | undefined;
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
 * @param options Which redirects are fine, and leave for where they lead
 * @returns The transport
 */
export function followRedirects(transport: Transport, options: FollowRedirectsOptions): Transport {
  const { check, gate = OPEN_GATE, maxHops = 5 } = options;
  return async (first, request) => {
    let url = new URL(first);
    let permit: ConnectionPermit | undefined;
    try {
      for (let hop = 0; hop <= maxHops; hop++) {
        const response = await transport(url.href, request);
        const location = response.headers.get("location");
        if (response.status < 300 || response.status >= 400 || location === null) return hold(response, permit);
        await response[Symbol.asyncDispose]();
        const next = URL.parse(location, url);
        if (next === null) {
          throw new FailureError("server", `Cannot follow a redirect from "${url.host}": no valid address`);
        }
        check(next);
        if (next.host !== url.host) {
          permit?.[Symbol.dispose]();
          permit = next.host === new URL(first).host ? undefined : await gate.enter(next.host, request);
        }
        url = next;
      }
    } catch (error) {
      permit?.[Symbol.dispose]();
      throw error;
    }
    permit?.[Symbol.dispose]();
    throw new FailureError("server", `Cannot fetch from "${url.host}": more than ${maxHops} redirects`, {
      retryable: false,
    });
  };
}

/** The last host's connection is needed until its body has been read. */
function hold(response: TransportResponse, permit: ConnectionPermit | undefined): TransportResponse {
  if (permit === undefined) return response;
  if (response.status === 429 || response.status === 503) permit.refused(undefined);
  const { status, headers } = response;
  return {
    ...{ status, headers, read: (target) => response.read(target) },
    async [Symbol.asyncDispose]() {
      try {
        await response[Symbol.asyncDispose]();
      } finally {
        permit[Symbol.dispose]();
      }
    },
  };
}
