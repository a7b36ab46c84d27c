/** A server that stands in front of another API, and answers some requests itself. */
export interface ApiFront extends AsyncDisposable {
  /** To be asked in place of the API. */
  readonly origin: string;
  /** Path and query of each request, in order. */
  readonly asked: string[];
}

/** What a front answers itself; `undefined` asks the API behind it. */
export type FrontRule = (url: URL, request: Request) => Response | undefined;

/** Stand in front of an API: what the rule does not answer goes there and back as it is. */
export function openFront(origin: string, rule: FrontRule): ApiFront {
  const asked: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const url = new URL(request.url);
    asked.push(`${url.pathname}${url.search}`);
    const own = rule(url, request);
    if (own !== undefined) return own;
    const headers = new Headers(request.headers);
    headers.delete("host");
    const answer = await fetch(`${origin}${url.pathname}${url.search}`, {
      method: request.method,
      headers,
      redirect: "manual",
      ...(request.body === null ? {} : { body: await request.arrayBuffer() }),
    });
    // What fetch has unpacked must not be called packed.
    const told = new Headers(answer.headers);
    told.delete("content-encoding");
    told.delete("content-length");
    return new Response(answer.status === 304 ? null : await answer.arrayBuffer(), {
      status: answer.status,
      headers: told,
    });
  });
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    asked,
    async [Symbol.asyncDispose]() {
      await server.shutdown();
    },
  };
}
