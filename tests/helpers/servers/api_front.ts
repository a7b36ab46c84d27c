/** A server in front of another API that answers some requests itself. */
export interface ApiFront extends AsyncDisposable {
  /** URL to use in place of the API. */
  readonly origin: string;
  /** Path and query of each request, in order. */
  readonly asked: string[];
}

/** The response of a front; `undefined` forwards the request to the API behind it. */
export type FrontRule = (url: URL, request: Request) => Response | undefined;

/** Start a front: what the rule does not answer is forwarded unchanged. */
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
    // fetch has decompressed the body, so the header must go.
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
