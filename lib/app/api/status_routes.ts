import { cleanLines, type Redactor } from "../../base/mod.ts";
import type { StatusSources } from "../../monitor/mod.ts";
import { cleanJson } from "../http/clean_value.ts";
import type { EventHub } from "../http/event_hub.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { RouteError } from "../http/route_error.ts";
import { statusSchema } from "./shapes/status.ts";

/** What {@linkcode statusRoutes} answer with. */
export interface StatusRoutesOptions {
  readonly sources: StatusSources;
  readonly hub: Pick<EventHub, "hasRoom" | "join">;
  readonly redact: Redactor;
}

/** Routes that say how the downloads are doing, for pages and for programs that watch. */
export function statusRoutes({ sources, hub, redact }: StatusRoutesOptions): readonly Route[] {
  const toText = cleanJson(redact);
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/status",
      summary: "The state of the downloads, once",
      answer: statusSchema,
      handle: () => sources.status(),
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/events",
      summary: "Changes as server-sent events, each with a whole state",
      answer: null,
      async handle({ signal }) {
        if (!hub.hasRoom) {
          throw new RouteError("inconclusive", "Cannot send events: too many clients follow them", {
            hint: "Close another page",
            headers: { "retry-after": "30" },
          });
        }
        const open = await hub.join(signal);
        // Tell proxies not to buffer events.
        const headers = { "content-type": "text/event-stream", "x-accel-buffering": "no" };
        return { status: 200, headers, body: open };
      },
    }),
    defineRoute({
      method: "GET",
      path: "/metrics",
      summary: "Metrics as Prometheus text",
      answer: null,
      async handle() {
        const text = redact(cleanLines(await sources.metricsText()));
        return { status: 200, headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" }, body: text };
      },
    }),
    defineRoute({
      method: "GET",
      path: "/healthz",
      summary: "200 while the server works, else 503, with the reason",
      answer: null,
      handle() {
        const { isHealthy, reason } = sources.health();
        return {
          status: isHealthy ? 200 : 503,
          headers: { "content-type": "application/json" },
          body: `${toText({ status: isHealthy ? "ok" : "failing", reason })}\n`,
        };
      },
    }),
  ];
}
