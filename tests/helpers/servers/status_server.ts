import {
  serveStatus,
  type StatusDocument,
  type StatusServer,
  type StatusServerOptions,
} from "../../../lib/monitor/mod.ts";
import { sampleStatus } from "./sample_status.ts";

/** A server on a free port, and its status. */
export interface TestServer extends AsyncDisposable {
  readonly server: StatusServer;
  readonly url: string;
  /** The status of the next response. */
  status: StatusDocument;
}

/** Serve a sample. */
export async function startServer(
  options: Partial<StatusServerOptions> & { readonly first?: StatusDocument } = {},
): Promise<TestServer> {
  const { first = sampleStatus(), ...rest } = options;
  const server = await serveStatus({
    listen: "127.0.0.1:0",
    status: () => test.status,
    metricsText: () => "# TYPE up gauge\nup 1\n",
    health: () => ({ isHealthy: true, reason: null }),
    ...rest,
  });
  const test: TestServer = {
    server,
    status: first,
    url: server.url.slice(0, -1),
    [Symbol.asyncDispose]: () => server.close(),
  };
  return test;
}
