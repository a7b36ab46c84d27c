import {
  type AppServer,
  openPictures,
  PlanStore,
  QueueRunner,
  serveApp,
  type ServeAppOptions,
  ViewIndex,
} from "../../../lib/app/mod.ts";
import type { StatusDocument, StatusSources } from "../../../lib/monitor/mod.ts";
import { sampleStatus } from "./sample_status.ts";

/** Options of {@linkcode startServer}. */
export interface StartServerOptions extends Partial<Omit<ServeAppOptions, "sources">>, Partial<StatusSources> {
  /** The status of the first responses. */
  readonly first?: StatusDocument;
}

/** A server on a free port, and its status. */
export interface TestServer extends AsyncDisposable {
  readonly server: AppServer;
  readonly url: string;
  /** The status of the next response. */
  status: StatusDocument;
}

/** Serve a sample. */
export async function startServer(options: StartServerOptions = {}): Promise<TestServer> {
  const { first = sampleStatus(), status, metricsText, health, ...rest } = options;
  await using stack = new AsyncDisposableStack();
  const root = "/srv/models";
  const view = stack.use(await ViewIndex.open({ root }));
  const pictures = stack.use(openPictures({
    root,
    reader: view.catalog,
    versionOf: () => Promise.resolve(null),
    baseUrl: "https://civitai.com",
    isReadOnly: true,
  }));
  const server = stack.use(
    await serveApp({
      listen: "127.0.0.1:0",
      about: { library: root, language: "en", maturity: { blurFrom: 4 } },
      hasScreen: false,
      parts: {
        plans: new PlanStore({ openPreview: () => Promise.reject(new Error("Nothing is planned here")) }),
        library: {
          root,
          view,
          pictures,
          openFolder: () => Promise.resolve(),
          openToChange: nothingIsQueued,
          trashMs: 0,
        },
        queue: { queue: emptyQueue(), settleChoice: nothingIsQueued, baseUrl: "https://civitai.com" },
      },
      sources: {
        status: status ?? (() => test.status),
        metricsText: metricsText ?? (() => "# TYPE up gauge\nup 1\n"),
        health: health ?? (() => ({ isHealthy: true, reason: null })),
      },
      ...rest,
    }),
  );
  const owned = stack.move();
  const test: TestServer = {
    server,
    status: first,
    url: server.url.slice(0, -1),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
  return test;
}

/** The queue of a library that does not exist, and that nothing runs. */
function emptyQueue(): QueueRunner {
  return new QueueRunner({
    root: "/srv/models",
    isReadOnly: false,
    open: nothingIsQueued,
    runEntry: nothingIsQueued,
    onChange: () => {},
    onWarning: () => {},
  });
}

function nothingIsQueued(): Promise<never> {
  return Promise.reject(new Error("Nothing is queued here"));
}
