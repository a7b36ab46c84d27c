import { type MetricDefinition, type MetricFamily, MetricRegistry, renderPrometheus } from "../metrics/mod.ts";
import type { AnsweredRequest } from "./http/app_server.ts";
import type { PreviewLookups } from "./pictures/previews.ts";

/** What the server measures of itself. */
export const SERVER_METRICS = [
  {
    name: "civitai_dl.server.requests",
    kind: "counter",
    unit: "{request}",
    help: "Requests that the server has answered, by route and class of status",
    labels: ["route", "status"],
  },
  {
    name: "civitai_dl.server.duration",
    kind: "histogram",
    unit: "s",
    help: "Time from a request to the end of its answer",
    labels: ["route"],
  },
  {
    name: "civitai_dl.server.streams",
    kind: "gauge",
    unit: "{stream}",
    help: "Clients that follow the events of the server",
  },
  {
    name: "civitai_dl.server.previews",
    kind: "counter",
    unit: "{picture}",
    help: "Previews that were asked for: hit if the cache had it, otherwise miss",
    labels: ["result"],
  },
] as const satisfies readonly MetricDefinition[];

const [REQUESTS, DURATION, STREAMS, PREVIEWS] = SERVER_METRICS;

/** What others count. */
export interface ServerCounts {
  /** Clients that follow the events. */
  readonly streams: number;
  /** `null` without a cache. */
  readonly previews: PreviewLookups | null;
}

/** Counts what the server answers, since it has started. */
export class ServerMetrics {
  readonly #registry = new MetricRegistry();
  readonly #requests = this.#registry.counter(REQUESTS);
  readonly #duration = this.#registry.histogram(DURATION);

  /** Count a request that was answered. */
  count({ route, status, durationMs }: AnsweredRequest): void {
    this.#requests.add(1, { route, status: `${Math.floor(status / 100)}xx` });
    this.#duration.record(Math.max(0, durationMs / 1000), { route });
  }

  /** The metrics in Prometheus' text format. */
  text({ streams, previews }: ServerCounts): string {
    const families: MetricFamily[] = [
      ...this.#registry.snapshot().families,
      { ...STREAMS, series: [{ labels: {}, value: streams }] },
    ];
    if (previews !== null) {
      const { hit, miss } = previews;
      const series = Object.entries({ hit, miss }).map(([result, value]) => ({ labels: { result }, value }));
      families.push({ ...PREVIEWS, series });
    }
    return renderPrometheus({ families });
  }
}
