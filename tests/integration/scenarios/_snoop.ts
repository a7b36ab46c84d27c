/** The response of a {@linkcode Snoop}; `null` forwards the request. */
export type SnoopAnswer = (request: Request, count: number) => Response | null;

/** A proxy in front of a server that records secrets, and can answer in its place. */
export class Snoop implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #signatures = new Set<string>();
  #authorizations = 0;
  #count = 0;
  /** Origin that requests are forwarded to. */
  target = "";

  constructor(answer: SnoopAnswer = () => null) {
    this.#server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
      const url = new URL(request.url);
      const signature = url.searchParams.get("X-Amz-Signature");
      if (signature !== null) this.#signatures.add(signature);
      if (request.headers.has("authorization")) this.#authorizations++;
      return answer(request, this.#count++) ?? this.#forward(request, url);
    });
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** Every signature of a requested URL. */
  get signatures(): ReadonlySet<string> {
    return this.#signatures;
  }

  /** Number of requests with a token. */
  get authorizations(): number {
    return this.#authorizations;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #forward(request: Request, url: URL): Promise<Response> {
    const { method, body } = request;
    const headers = new Headers(request.headers);
    headers.delete("host");
    const answer = await fetch(`${this.target}${url.pathname}${url.search}`, {
      method,
      headers,
      body,
      redirect: "manual",
    });
    return new Response(answer.body, { status: answer.status, headers: answer.headers });
  }
}
