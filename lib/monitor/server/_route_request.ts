import { createResponse, jsonResponse, type PageResponse } from "./_response.ts";
import type { PageRequest } from "./_page_request.ts";
import { livePage } from "./live_page.ts";
import type { StatusDocument } from "../../status/mod.ts";
import type { StatusServerOptions } from "./status_server.ts";

/** The sources of the responses. */
export interface RouteRequestOptions extends Pick<StatusServerOptions, "status" | "metricsText" | "health"> {
  /** Whether one more client may follow the events. */
  readonly hasRoom: boolean;
}

/** A response; with `events`, it opens an event stream that begins with this state. */
export interface Routed {
  readonly response: PageResponse;
  readonly events?: StatusDocument;
}

/** PageResponse a request that the guard has accepted. */
export function routeRequest(request: PageRequest, options: RouteRequestOptions): Routed {
  try {
    return request.path === "/events" ? routeEvents(request, options) : { response: route(request.path, options) };
  } catch {
    // Internal errors are not exposed to clients; the monitor encounters the same error at its next tick.
    return { response: createResponse("The monitor cannot report its state.\n", { status: 500 }) };
  }
}

function route(path: string, { status, metricsText, health }: RouteRequestOptions): PageResponse {
  if (path === "/healthz") {
    const { isHealthy, reason } = health();
    return jsonResponse({ status: isHealthy ? "ok" : "failing", reason }, isHealthy ? 200 : 503);
  }
  if (path === "/metrics") return createResponse(metricsText(), { type: "text/plain; version=0.0.4; charset=utf-8" });
  if (path === "/api/status") return jsonResponse(status());
  const file = livePage(path);
  if (file !== null) return createResponse(file.body, { type: file.type });
  return createResponse("Not found. Available paths: /, /events, /api/status, /metrics, /healthz.\n", { status: 404 });
}

function routeEvents({ method }: PageRequest, { status, hasRoom }: RouteRequestOptions): Routed {
  if (!hasRoom) {
    const headers = { "retry-after": "30" };
    return {
      response: createResponse("Too many clients follow the events: close another page.\n", { status: 503, headers }),
    };
  }
  // Tell proxies not to buffer events.
  const head = createResponse("", { type: "text/event-stream", headers: { "x-accel-buffering": "no" } });
  // The response to a HEAD request has no body, so nobody would read the events.
  return method === "HEAD" ? { response: head } : { response: head, events: status() };
}
