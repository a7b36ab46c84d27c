import { createRedactor, isLoopback, machineName, systemClock, VERSION } from "../base/mod.ts";
import type { StatusSources } from "../monitor/mod.ts";
import { type ApiParts, apiRoutes } from "./api/routes.ts";
import type { About } from "./api/shapes/about.ts";
import type { RouteServer, ServerAddress, ServeRoutesOptions } from "./http/app_server.ts";
import { checkListen } from "./http/check_listen.ts";
import { cleanJson } from "./http/clean_value.ts";
import { EventHub, type EventState } from "./http/event_hub.ts";
import type { Route } from "./http/route.ts";
import { serveRoutes } from "./http/serve_routes.ts";
import { pageRoutes } from "./page/page_routes.ts";
import { ServerMetrics } from "./server_metrics.ts";

/** How long a browser waits before it reconnects, in milliseconds. */
const RETRY_MS = 2000;

/** Options of {@linkcode serveApp}. */
export interface ServeAppOptions
  extends ServerAddress, Pick<ServeRoutesOptions, "redact" | "onError" | "bodyTimeoutMs" | "clock"> {
  /** What it says of itself; the rest of {@linkcode About} follows from the other options. */
  readonly about: Pick<About, "library" | "language" | "maturity"> & Partial<Pick<About, "sandboxCreators">>;
  /** Whether there is a screen on which this machine can show a folder. */
  readonly hasScreen: boolean;
  /** The state of the downloads. */
  readonly sources: StatusSources;
  /** What the routes of the other nouns need. */
  readonly parts: Omit<ApiParts, "about" | "status">;
  /** The state of each event besides `status`. */
  readonly states?: Readonly<Record<string, EventState>> | undefined;
  /**
   * Maximum number of clients that follow the events at once.
   *
   * @default {32}
   */
  readonly maxClients?: number | undefined;
  /**
   * Interval of keep-alive events, in milliseconds.
   *
   * @default {15_000}
   */
  readonly beatMs?: number | undefined;
}

/** The running application. */
export interface AppServer extends RouteServer {
  /** All that it answers. */
  readonly routes: readonly Route[];
  /** Number of clients that follow the events. */
  readonly clients: number;
  /**
   * Send the state of an event to all clients, after a change. Rejects with what the state throws.
   *
   * @param name `status`, or a name of `states`
   */
  publish(name: string): Promise<void>;
  /** Send an event that has no state, as {@linkcode EventHub.send} does. */
  readonly send: EventHub["send"];
}

/**
 * Serve the application: the page, its API, events, metrics and health on one port. Only this machine has access, unless
 * another address is set together with a token.
 *
 * @throws {KitError} `usage` for an address that is invalid, in use, or reachable by other machines without a token
 */
export async function serveApp(options: ServeAppOptions): Promise<AppServer> {
  const { sources, token, isReadOnly = false, maxClients = 32, beatMs = 15_000, clock = systemClock } = options;
  const { redact = createRedactor(), states = {} } = options;
  const { hostname } = checkListen(options.listen, token);
  const hub = new EventHub({
    states: { status: sources.status, ...states },
    maxClients,
    beatMs,
    retryMs: RETRY_MS,
    toText: cleanJson(redact),
    clock,
  });
  const about: About = {
    version: VERSION,
    machine: machineName(),
    sandboxCreators: null,
    ...options.about,
    readOnly: isReadOnly,
    canOpenFolders: options.hasScreen && !isReadOnly && isLoopback(hostname),
  };
  const library = options.parts.library && {
    ...options.parts.library,
    openFolder: about.canOpenFolders ? options.parts.library.openFolder : null,
  };
  const metrics = new ServerMetrics();
  const metricsText = async (): Promise<string> => {
    const previews = library?.pictures.previews.lookups ?? null;
    return `${await sources.metricsText()}${metrics.text({ streams: hub.size, previews })}`;
  };
  const status = { sources: { ...sources, metricsText }, hub, redact };
  const routes = [
    ...apiRoutes({ ...options.parts, library, about, status }),
    ...pageRoutes(),
  ];
  const server = await serveRoutes({
    ...options,
    isReadOnly,
    routes,
    redact,
    clock,
    onAnswer: (answered) => metrics.count(answered),
  });
  const stopped = new AbortController();
  const beats = hub.keepAlive(stopped.signal);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => closing ??= shut();

  async function shut(): Promise<void> {
    stopped.abort();
    hub.close();
    await Promise.all([server.close(), beats]);
  }

  return {
    hostname: server.hostname,
    port: server.port,
    url: server.url,
    routes,
    get clients() {
      return hub.size;
    },
    publish: (name) => hub.publish(name),
    send: (name, value, sending) => hub.send(name, value, sending),
    close,
    [Symbol.asyncDispose]: close,
  };
}
