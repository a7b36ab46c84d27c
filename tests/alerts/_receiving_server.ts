/** A request as the server received it. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

/** A server on loopback that stores its requests. */
export interface ReceivingServer extends AsyncDisposable {
  readonly port: number;
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly received: readonly ReceivedRequest[];
}

/** Options of {@linkcode receiveOn}. */
export interface ReceivingServerOptions {
  /** Serve TLS with the tests' certificate. */
  readonly isSecure?: boolean;
}

const FOLDER = `${import.meta.dirname}/../transfer/certificate`;

/**
 * Start the server; `answer` receives the request and its number from 0. Requests without a response get one at the
 * end.
 */
export function receiveOn(
  answer: (request: ReceivedRequest, index: number) => Response | Promise<Response>,
  options: ReceivingServerOptions = {},
): ReceivingServer {
  const received: ReceivedRequest[] = [];
  const { promise: end, resolve: finish } = Promise.withResolvers<Response>();
  const tls = options.isSecure === true
    ? { cert: Deno.readTextFileSync(`${FOLDER}/cert.pem`), key: Deno.readTextFileSync(`${FOLDER}/key.pem`) }
    : {};
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {}, ...tls }, async (request) => {
    const { pathname, search } = new URL(request.url);
    const { method, headers } = request;
    const seen = { method, path: `${pathname}${search}`, headers, body: await request.text() };
    received.push(seen);
    return Promise.race([answer(seen, received.length - 1), end]);
  });
  const { port } = server.addr as Deno.NetAddr;
  return {
    port,
    host: `127.0.0.1:${port}`,
    received,
    async [Symbol.asyncDispose]() {
      finish(new Response(null, { status: 503 }));
      await server.shutdown();
    },
  };
}

/** A response that never arrives. */
export function never(): Promise<Response> {
  return new Promise(() => {});
}

/** A response without a body. */
export function status(code: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status: code, headers });
}
