import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { z } from "zod";
import { type Clock, createRedactor, listen, systemClock } from "../../base/mod.ts";
import { AccessToken } from "./_access_token.ts";
import { allowedHosts } from "./_allowed_hosts.ts";
import type { RouteServer, ServeRoutesOptions } from "./app_server.ts";
import { checkListen } from "./check_listen.ts";
import { cleanJson, type ToText } from "./clean_value.ts";
import { type FoundRoute, RouteTable } from "./_find_route.ts";
import { type Guard, guardRequest } from "./_guard_request.ts";
import { type PageRequest, readPageRequest } from "./_page_request.ts";
import { readBody } from "./_read_body.ts";
import { compressed, createResponse, type HttpResponse, jsonResponse, problemResponse } from "./_response.ts";
import { isWrite, type RouteAnswer, type RouteInput } from "./route.ts";
import { isExpected, RouteError, toRouteError } from "./route_error.ts";
import { sendResponse } from "./_send_response.ts";

/** Clients that send slowly or too much are disconnected: the head of a valid request is short. */
const LIMITS = { headersTimeout: 10_000, keepAliveTimeout: 30_000, maxHeaderSize: 16_384 };
const BODY_TIMEOUT_MS = 20_000;

/**
 * Serve routes over HTTP. Only this machine has access, unless another address is set together with a token. Requests
 * for another host, and those that a page of another site makes, are refused.
 *
 * @throws {KitError} `usage` for an address that is invalid, in use, or reachable by other machines without a token
 */
export async function serveRoutes(options: ServeRoutesOptions): Promise<RouteServer> {
  const { token, hosts = [], bodyTimeoutMs = BODY_TIMEOUT_MS, clock = systemClock } = options;
  const { redact = createRedactor(), onError = () => {}, onAnswer = () => {} } = options;
  const wanted = checkListen(options.listen, token);
  const server = createServer({ ...LIMITS, requestTimeout: LIMITS.headersTimeout + bodyTimeoutMs });
  // Events are small; Nagle's algorithm would delay each of them.
  server.on("connection", (socket) => socket.setNoDelay(true));
  const { hostname } = wanted;
  const port = await listen(server, { ...wanted, likelyHolder: "Another serve or monitor" });
  const place: Place = {
    guard: {
      isOurHost: allowedHosts({ hostname, port }, hosts),
      token: token === undefined ? null : new AccessToken(token, port),
    },
    table: new RouteTable(options.routes),
    isReadOnly: options.isReadOnly ?? false,
    bodyTimeoutMs,
    clock,
    toText: cleanJson(redact),
  };
  /** Requests that are being answered, each with what stops it. */
  const underWay = new Map<AbortController, Promise<void>>();
  server.on("request", (incoming: IncomingMessage, response: ServerResponse) => {
    const gone = new AbortController();
    const { signal } = gone;
    response.once("close", () => gone.abort());
    const isHead = incoming.method === "HEAD";
    const start = clock.monotonic();
    let route = "none";
    const onFound = (found: FoundRoute): void => {
      route = found.route.path;
    };
    const answering = answer(incoming, { ...place, signal, onError, onFound })
      .then(async (answered) => {
        await sendResponse(response, answered, { isHead, clock, gone });
        onAnswer({ route, status: answered.status, durationMs: clock.monotonic() - start });
      })
      .catch((error) => {
        response.destroy();
        if (!signal.aborted) onError(error);
      })
      .finally(() => underWay.delete(gone));
    underWay.set(gone, answering);
  });

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => closing ??= shut();

  async function shut(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    // A client that reads nothing would block a graceful shutdown forever.
    server.closeAllConnections();
    for (const gone of underWay.keys()) gone.abort();
    await Promise.all([closed, ...underWay.values()]);
  }

  return {
    hostname,
    port,
    url: `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}/`,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** What all requests are checked against and answered with. */
interface Place {
  readonly guard: Guard;
  readonly table: RouteTable;
  readonly isReadOnly: boolean;
  readonly bodyTimeoutMs: number;
  readonly clock: Clock;
  readonly toText: ToText;
}

interface AnswerOptions extends Place {
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
  /** Called with the route of the request. */
  readonly onFound: (found: FoundRoute) => void;
}

/** Answer a request, whatever happens. */
async function answer(incoming: IncomingMessage, options: AnswerOptions): Promise<HttpResponse> {
  try {
    const request = readPageRequest(incoming);
    if (request === null) throw new RouteError("usage", "Cannot read the request line");
    const refusal = guardRequest(request, options.guard);
    return refusal ?? await answerRoute({ incoming, request }, options);
  } catch (error) {
    if (!isExpected(error) && !options.signal.aborted) options.onError(error);
    return endBody(incoming, problemResponse(toRouteError(error), options.toText));
  }
}

/** A request whose body was not read ends its connection, so that the body is not taken for another request. */
function endBody(incoming: IncomingMessage, response: HttpResponse): HttpResponse {
  const hasBody = incoming.headers["transfer-encoding"] !== undefined ||
    Number(incoming.headers["content-length"] ?? 0) > 0;
  if (!hasBody || incoming.complete) return response;
  incoming.resume();
  return { ...response, headers: { ...response.headers, connection: "close" } };
}

async function answerRoute(
  { incoming, request }: { readonly incoming: IncomingMessage; readonly request: PageRequest },
  { table, isReadOnly, bodyTimeoutMs, clock, toText, signal, onFound }: AnswerOptions,
): Promise<HttpResponse> {
  const found = table.find(request.method, request.path);
  const { route } = found;
  onFound(found);
  if (isWrite(route) && isReadOnly) {
    throw new RouteError("read-only", "Cannot change anything: the page was started with --read-only");
  }
  const body = isWrite(route) ? await readBody(incoming, { timeoutMs: bodyTimeoutMs, clock }) : undefined;
  const value = await route.handle({ ...readInput(found, request, body), signal });
  const accepted = request.header("accept-encoding");
  if (route.answer === null) return await compressed(createResponse(value as RouteAnswer), accepted);
  return await jsonResponse(toText(value), { status: route.status, accepted });
}

function readInput(
  { route, params }: FoundRoute,
  { query, header }: PageRequest,
  body: unknown,
): Omit<RouteInput<unknown, unknown>, "signal"> {
  return {
    params,
    header,
    query: route.query === undefined ? {} : parsePart("query", route.query, groupQuery(query)),
    body: isWrite(route) ? parseBody(route, body) : undefined,
  };
}

function parseBody({ body: schema }: FoundRoute["route"], body: unknown): unknown {
  if (schema !== undefined) return parsePart("request", schema, body);
  const isEmpty = typeof body === "object" && body !== null && !Array.isArray(body) && Object.keys(body).length === 0;
  if (!isEmpty) throw new RouteError("usage", "Cannot use the request: its body must be {}");
  return body;
}

/** Names that are repeated become arrays. */
function groupQuery(query: URLSearchParams): Readonly<Record<string, string | readonly string[]>> {
  const names = [...new Set(query.keys())];
  return Object.fromEntries(names.map((name) => {
    const values = query.getAll(name);
    return [name, values.length === 1 ? values[0]! : values];
  }));
}

function parsePart(part: string, schema: z.ZodType, value: unknown): unknown {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  const at = issue!.path.length === 0 ? "" : `${issue!.path.join(".")}: `;
  throw new RouteError("usage", `Cannot use the ${part}: ${at}${issue!.message}`);
}
