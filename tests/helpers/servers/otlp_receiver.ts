interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}
interface Point {
  readonly attributes?: readonly Attribute[];
  readonly asDouble?: number;
  readonly count?: number | string;
  readonly sum?: number;
  readonly explicitBounds?: readonly number[];
  readonly bucketCounts?: readonly (number | string)[];
}
/** A metric in OTLP/JSON. */
export interface OtlpMetric {
  readonly name: string;
  readonly description?: string;
  readonly unit?: string;
  readonly sum?: { readonly dataPoints: readonly Point[]; readonly isMonotonic?: boolean };
  readonly gauge?: { readonly dataPoints: readonly Point[] };
  readonly histogram?: { readonly dataPoints: readonly Point[] };
}
interface Payload {
  readonly resourceMetrics?: readonly {
    readonly resource?: { readonly attributes?: readonly Attribute[] };
    readonly scopeMetrics: readonly {
      readonly scope?: { readonly name?: string; readonly version?: string };
      readonly metrics: readonly OtlpMetric[];
    }[];
  }[];
}

/** The export of a program. */
export interface OtlpExport {
  /** `service.name` of the resource. */
  readonly service: string | undefined;
  /** Of the scope. */
  readonly version: string | undefined;
  readonly metrics: ReadonlyMap<string, OtlpMetric>;
}

/** Receive OTLP over HTTP until a scope has the given number of metrics. */
export function startOtlpReceiver(scope: string, count: number): AsyncDisposable & {
  readonly port: number;
  readonly metrics: Promise<OtlpExport>;
} {
  const { promise, resolve } = Promise.withResolvers<OtlpExport>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const text = await request.text();
    if (new URL(request.url).pathname !== "/v1/metrics") return Response.json({});
    const payload: Payload = JSON.parse(text);
    for (const { resource, scopeMetrics } of payload.resourceMetrics ?? []) {
      const own = scopeMetrics.find((candidate) => candidate.scope?.name === scope);
      const metrics = new Map(own?.metrics.map((metric) => [metric.name, metric]));
      const service = attributesOf(resource)["service.name"];
      if (metrics.size >= count) resolve({ service, version: own?.scope?.version, metrics });
    }
    return Response.json({});
  });
  return { port: server.addr.port, metrics: promise, [Symbol.asyncDispose]: () => server.shutdown() };
}

/** Attributes as an object. */
export function attributesOf(point: Pick<Point, "attributes"> | undefined): Record<string, string | undefined> {
  return Object.fromEntries((point?.attributes ?? []).map(({ key, value }) => [key, value.stringValue]));
}
