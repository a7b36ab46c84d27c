/** A ping as the server received it. */
export interface Ping {
  /** What follows the check's URL: empty, `/start`, `/fail`, `/0`. */
  readonly what: string;
  readonly body: string;
  /** The id of the run; `null` without one. */
  readonly rid: string | null;
  readonly at: number;
}

/** A server on loopback with the protocol of Healthchecks. */
export interface PingServer extends AsyncDisposable {
  readonly url: string;
  readonly pings: readonly Ping[];
  /** Resolves after the given number of pings. */
  reached(count: number): Promise<void>;
}

/** Start the server. */
export function startPingServer(): PingServer {
  const pings: Ping[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const what = pathname.replace(/^\/check/, "");
    pings.push({ what, rid: searchParams.get("rid"), body: await request.text(), at: performance.now() });
    for (const { count, resolve } of waiting) if (pings.length >= count) resolve();
    return new Response("OK");
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/check`,
    pings,
    reached(count) {
      const { promise, resolve } = Promise.withResolvers<void>();
      if (pings.length >= count) resolve();
      waiting.push({ count, resolve });
      return promise;
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
