import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRedactor, listen, systemClock } from "../../base/mod.ts";
import { AccessToken } from "./_access_token.ts";
import { allowedHosts } from "./_allowed_hosts.ts";
import { createResponse } from "./_response.ts";
import { readPageRequest } from "./_page_request.ts";
import { EventHub } from "./_event_hub.ts";
import { cleanSources } from "./_clean_sources.ts";
import { guardRequest } from "./_guard_request.ts";
import { checkListen } from "./_check_listen.ts";
import { type Routed, routeRequest } from "./_route_request.ts";
import type { StatusServer, StatusServerOptions } from "./status_server.ts";

/** How long a browser waits before it reconnects, in milliseconds. */
const RETRY_MS = 2000;

/** Clients that send slowly or too much are disconnected: a valid request is short. */
const LIMITS = { headersTimeout: 10_000, requestTimeout: 20_000, keepAliveTimeout: 30_000, maxHeaderSize: 16_384 };

/**
 * Serve the monitor's state: `/` is the live page, `/events` streams its updates, `/api/status` returns JSON,
 * `/metrics` returns Prometheus text, and `/healthz` returns 200 or 503. No request changes anything. Only this machine
 * has access, unless another address is set together with a token.
 *
 * @throws {KitError} `usage` for an address that is invalid, in use, or reachable by other machines without a token
 */
export async function serveStatus(options: StatusServerOptions): Promise<StatusServer> {
  const { token, hosts = [], maxClients = 32, beatMs = 15_000, clock = systemClock } = options;
  const { redact = createRedactor() } = options;
  const sources = cleanSources(options, redact);
  const wanted = checkListen(options.listen, token);
  const hub = new EventHub({ maxClients, beatMs, retryMs: RETRY_MS, clock });
  const server = createServer(LIMITS);
  // Events are small; Nagle's algorithm would delay each of them.
  server.on("connection", (socket) => socket.setNoDelay(true));
  const { hostname } = wanted;
  const port = await listen(server, { ...wanted, likelyHolder: "Another monitor" });
  const guard = {
    isOurHost: allowedHosts({ hostname, port }, hosts),
    token: token === undefined ? null : new AccessToken(token, port),
  };
  const answer = (incoming: IncomingMessage): Routed => {
    const request = readPageRequest(incoming);
    if (request === null) return { response: createResponse("Bad request.\n", { status: 400 }) };
    const refusal = guardRequest(request, guard);
    return refusal === null ? routeRequest(request, { ...sources, hasRoom: hub.hasRoom }) : { response: refusal };
  };
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const { response: { status, headers, body }, events } = answer(request);
    response.writeHead(status, { ...headers });
    if (events === undefined) response.end(body);
    else hub.open(response, events);
  });

  const stopped = new AbortController();
  const heartbeats = (async () => {
    while (true) {
      await clock.sleep(beatMs, { signal: stopped.signal });
      hub.beat();
    }
  })().catch((error) => {
    if (!stopped.signal.aborted) throw error;
  });

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => closing ??= shut();

  async function shut(): Promise<void> {
    stopped.abort();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    hub.close();
    // A client that reads nothing would block a graceful shutdown forever, and no response takes long.
    server.closeAllConnections();
    await Promise.all([closed, heartbeats]);
  }

  return {
    hostname,
    port,
    url: `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}/`,
    get clients() {
      return hub.size;
    },
    publish: () => hub.publish(sources.status()),
    close,
    [Symbol.asyncDispose]: close,
  };
}
