import { matchApi } from "./api/api_route.ts";
import { DownloadRoute, isBrowser } from "./storage/download_route.ts";
import { faultResponse } from "./http/fault_response.ts";
import { type FaultPlan, planFaults } from "./faults/fault_plan.ts";
import {
  htmlResponse,
  type HttpRequest,
  type HttpResponse,
  textResponse,
  xmlErrorResponse,
} from "./http/http_message.ts";
import { LruMap } from "./_lru_map.ts";
import { roll } from "./_roll.ts";
import { fileOfPath, fileResponse, imageOfPath, imageResponse } from "./storage/storage_route.ts";
import type { World } from "./_world.ts";
import type { SandboxExchange } from "./sandbox_exchange.ts";
import type { ToxicRoute, ToxicRule } from "./faults/toxic_rule.ts";

/** A request that was matched to a route, and how to respond to it without faults. */
interface Matched {
  /** Name of the route in the log. */
  readonly route: string;
  readonly toxicRoute: ToxicRoute;
  /** Number that identifies the requested resource. Requests are counted and faults are rolled for each number. */
  readonly item: number;
  /** The model file or image that is requested, if it is one. */
  readonly thing?: SandboxExchange["item"];
  readonly respond: (faults: FaultPlan) => HttpResponse | Promise<HttpResponse>;
}

/** Options of {@linkcode Front}. */
export interface FrontOptions {
  /** Delay before every response, in milliseconds. */
  readonly latencyMs: number;
  /** The current time in milliseconds, which nobody sets back. */
  readonly monotonic: () => number;
  /** Called after each response has ended. */
  readonly onExchange: ((exchange: SandboxExchange) => void) | undefined;
}

/** Handles the requests of both ports: finds the route, applies the toxics, and writes the log. */
export class Front {
  readonly #world: World;
  readonly #downloads: DownloadRoute;
  readonly #options: FrontOptions;
  /** How often each resource was requested since the faults were set. */
  #counts = emptyCounts();
  #rules: readonly ToxicRule[] = [];
  #openExchanges = 0;

  /**
   * Create a front without faults.
   *
   * @param world The state that the routes share
   * @param options Latency and observer
   */
  constructor(world: World, options: FrontOptions) {
    this.#world = world;
    this.#downloads = new DownloadRoute(world);
    this.#options = options;
  }

  /**
   * Respond to a request.
   *
   * @param host The port that received it
   * @param request The request
   * @returns The response, with its faults
   */
  async handle(host: "api" | "storage", request: HttpRequest): Promise<HttpResponse> {
    const startedMs = this.#options.monotonic();
    const matched = host === "api" ? this.#matchApi(request) : this.#matchStorage(request);
    this.#watch(host, request, matched);
    const plan = this.#plan(matched);
    const right = faultResponse(plan, this.#world.now()) ?? await matched.respond(plan);
    const response = { ...(plan.controlCharacters ? withControlCharacters(right) : right), faults: plan };
    const { method, url, headers } = request;
    this.#world.log.addRequest({
      at: this.#world.now(),
      host,
      method,
      route: matched.route,
      status: response.status,
      toxics: plan.names,
      target: host === "api" ? url.pathname + withoutToken(url) : url.pathname,
      userAgent: headers.get("user-agent") ?? null,
    });
    return this.#counted(response, request, { ...matched, startedMs });
  }

  /** Replace the faults, and count the requests for each resource anew. */
  setRules(rules: readonly ToxicRule[]): void {
    this.#rules = rules;
    this.#counts = emptyCounts();
  }

  /** Number of responses that have not ended yet. */
  get openExchanges(): number {
    return this.#openExchanges;
  }

  /** Count the bytes of a response. Each chunk of its body is read right before it is written to the network. */
  #counted(
    response: HttpResponse & { readonly faults: FaultPlan },
    request: HttpRequest,
    { route, thing: item = null, startedMs }: Matched & Pick<SandboxExchange, "startedMs">,
  ): HttpResponse {
    const { monotonic } = this.#options;
    const { body, onEnd, status, faults: { names: toxics } } = response;
    const id = request.headers.get("x-request-id") ?? null;
    let bytes = 0;
    let silent: { readonly step: "headers" | "body"; readonly sinceMs: number } | null = null;
    let slow: { readonly bytesPerSecond: number; readonly sinceMs: number } | null = null;
    let slowUntilMs: number | null = null;
    this.#openExchanges++;
    return {
      ...response,
      body: {
        sizeBytes: body.sizeBytes,
        read(start, target) {
          bytes += target.length;
          body.read(start, target);
        },
      },
      onSilence: (step) => void (silent = { step, sinceMs: monotonic() }),
      onSlowLine: (bytesPerSecond) => {
        if (bytesPerSecond === null) slowUntilMs = monotonic();
        else slow = { bytesPerSecond, sinceMs: monotonic() };
      },
      onEnd: () => {
        this.#openExchanges--;
        onEnd?.();
        const slowLine = slow === null ? null : { ...slow, ms: (slowUntilMs ?? monotonic()) - slow.sinceMs };
        const silence = silent === null ? null : { step: silent.step, ms: monotonic() - silent.sinceMs };
        this.#options.onExchange?.({ id, route, status, bytes, startedMs, item, silence, slowLine, toxics });
      },
    };
  }

  #matchApi(request: HttpRequest): Matched {
    const { pathname } = request.url;
    const item = roll(0, request.method + pathname + withoutToken(request.url));
    const download = /^\/api\/download\/models\/([^/]+)$/.exec(pathname);
    if (download !== null) {
      const respond = (): HttpResponse => this.#downloads.respond(request, download[1]!);
      return { route: "/api/download/models/:id", toxicRoute: "download", item, respond };
    }
    const training = /^\/api\/download\/training-data\/([^/]+)$/.exec(pathname);
    if (training !== null) {
      const location = `/api/download/models/${training[1]}?type=Training%20Data`;
      const respond = (): HttpResponse => textResponse(308, "", "text/plain", { Location: location });
      return { route: "/api/download/training-data/:id", toxicRoute: "download", item, respond };
    }
    const api = matchApi(this.#world, request);
    if (api !== null) return { ...api, toxicRoute: "api", item };
    const isPage = /^\/(login|models\/\d+|model-versions\/\d+|user\/\w+)$/.test(pathname);
    const respond = (): HttpResponse =>
      isPage ? htmlResponse(200, "Civitai") : htmlResponse(404, "404: page not found");
    return { route: isPage ? "page" : "unknown", toxicRoute: "api", item, respond };
  }

  #matchStorage(request: HttpRequest): Matched {
    const world = this.#world;
    const { pathname } = request.url;
    const image = imageOfPath(world, pathname);
    if (image !== null) {
      const respond = (faults: FaultPlan): HttpResponse => imageResponse(world, request, image, faults);
      const thing = { kind: "image", id: image.id } as const;
      return { route: "/image", toxicRoute: "image", item: image.id, thing, respond };
    }
    if (pathname.startsWith("/model/")) {
      const id = fileOfPath(world, pathname)?.id ?? null;
      const thing = id === null ? null : { kind: "file", id } as const;
      const respond = (faults: FaultPlan): HttpResponse => fileResponse(world, request, faults);
      return { route: "/model", toxicRoute: "storage", item: id ?? 0, thing, respond };
    }
    const respond = (): HttpResponse => xmlErrorResponse(404, "NoSuchKey", "The specified key does not exist.");
    return { route: "unknown", toxicRoute: "image", item: 0, respond };
  }

  #plan(matched: Matched): FaultPlan {
    const { toxicRoute: route, item } = matched;
    const key = `${route} ${item}`;
    const count = this.#counts.get(key) ?? 0;
    this.#counts.set(key, count + 1);
    // `emptyImages` applies only to the image query.
    const rules = this.#rules.filter(({ type }) => type !== "emptyImages" || matched.route === "/api/v1/images");
    const plan = planFaults(rules, { seed: this.#world.catalog.settled.seed, route, item, count });
    return { ...plan, delayMs: plan.delayMs + this.#options.latencyMs };
  }

  /** Record what a well-behaved client does not do. */
  #watch(host: "api" | "storage", request: HttpRequest, matched: Matched): void {
    const { url, headers } = request;
    const note = (type: Parameters<World["log"]["addViolation"]>[0]["type"]): void =>
      this.#world.log.addViolation({ type, at: this.#world.now(), path: url.pathname });
    if (host === "storage" && (headers.has("authorization") || url.searchParams.has("token"))) {
      note("authorizationAtStorage");
    }
    const isListing = matched.route === "/api/v1/models" || matched.route === "/api/v1/images";
    if (isListing && url.searchParams.has("page")) note("pageUsed");
    if (isBrowser(request)) note("browserUserAgent");
    if (!headers.has("user-agent")) note("noUserAgent");
  }
}

function emptyCounts(): LruMap<string, number> {
  return new LruMap(500_000);
}

/** Put control characters, which JSON forbids, into the strings of a response. */
function withControlCharacters(response: HttpResponse): HttpResponse {
  const bytes = new Uint8Array(response.body.sizeBytes);
  response.body.read(0, bytes);
  const text = new TextDecoder().decode(bytes)
    .replaceAll(/"(prompt|description)":"/g, '"$1":"line one\rline\ttwo\u0001 ');
  return textResponse(response.status, text, "application/json; charset=utf-8");
}

function withoutToken(url: URL): string {
  const query = new URLSearchParams(url.search);
  query.delete("token");
  return query.size === 0 ? "" : `?${query}`;
}
