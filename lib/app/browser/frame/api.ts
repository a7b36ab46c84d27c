import type { About } from "../../api/shapes/about.ts";
import type { Plan, PlanRequest } from "../../api/shapes/plan.ts";
import type { Entry, Failures, LimitsBody, QueueDocument, QueueRequest } from "../../api/shapes/queue.ts";

/** A request that was refused or failed: a problem of the server, or `unreachable`. */
export class ApiError extends Error {
  /** Code of the problem, such as `unsafe`; `unreachable` if nothing answered. */
  readonly code: string;
  /** What to do; `null` if nothing is known. */
  readonly hint: string | null;

  /** Keep what the server said. */
  constructor(code: string, detail: string, options: { readonly hint?: string | null; readonly cause?: unknown } = {}) {
    super(detail, { cause: options.cause });
    this.name = "ApiError";
    this.code = code;
    this.hint = options.hint ?? null;
  }
}

/** Options of {@linkcode Api.request}. */
export interface ApiRequest {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Makes a repeated request harmless. */
  readonly key?: string;
  readonly signal?: AbortSignal;
}

/** Acts on an entry of the queue. */
export type EntryAct = "pause" | "resume" | "cancel" | "first" | "retry";

/** Calls of the API, each with the type that it answers. */
export class Api {
  readonly #fetch: typeof fetch;

  /** Use `fetch` of the browser; tests replace it. */
  constructor(options: { readonly fetch?: typeof fetch } = {}) {
    this.#fetch = options.fetch ?? ((...args) => globalThis.fetch(...args));
  }

  /** What the server is. */
  about(): Promise<About> {
    return this.request("GET", "about");
  }

  /** The queue, without a number of entries that wait, from the front. */
  queue(from: number): Promise<QueueDocument> {
    return this.request("GET", `queue?from=${from}`);
  }

  /** Add an entry to the queue; one with the same key is added once. */
  enqueue(body: QueueRequest, options: Pick<ApiRequest, "key"> = {}): Promise<Entry> {
    return this.request("POST", "queue", { body, ...options });
  }

  /** Pause or resume the whole queue. */
  setQueue(act: "pause" | "resume"): Promise<QueueDocument> {
    return this.request("POST", `queue/${act}`, { body: {} });
  }

  /** Change the limits of the runs; `null` takes one away. */
  limitQueue(body: LimitsBody): Promise<QueueDocument> {
    return this.request("PATCH", "queue/limits", { body });
  }

  /** Pause, resume, cancel or retry an entry, or make it the first. */
  actOn(id: number, act: EntryAct): Promise<Entry> {
    return this.request("POST", `queue/${id}/${act}`, { body: {} });
  }

  /** What an entry did not get. */
  failures(id: number): Promise<Failures> {
    return this.request("GET", `queue/${id}/failures`);
  }

  /** Begin a plan. */
  plan(body: PlanRequest): Promise<Plan> {
    return this.request("POST", "plans", { body });
  }

  /** Begin a plan of what is newer of all models of the library. */
  planUpdates(): Promise<Plan> {
    return this.request("POST", "updates", { body: {} });
  }

  /** A plan, while it is made and after it. */
  readPlan(id: string, signal: AbortSignal): Promise<Plan> {
    return this.request("GET", `plans/${encodeURIComponent(id)}`, { signal });
  }

  /** Drop a plan. */
  dropPlan(id: string): Promise<void> {
    return this.request("DELETE", `plans/${encodeURIComponent(id)}`, { body: {} });
  }

  /**
   * Send a request to a path below `/api/v1/`.
   *
   * @throws {ApiError} If it is refused, fails, or nothing answers
   */
  async request<Answer>(method: string, path: string, options: ApiRequest = {}): Promise<Answer> {
    const { body, key, signal } = options;
    let response: Response;
    try {
      response = await this.#fetch(`/api/v1/${path}`, {
        method,
        headers: {
          ...body === undefined ? {} : { "content-type": "application/json" },
          ...key === undefined ? {} : { "idempotency-key": key },
        },
        ...body === undefined ? {} : { body: JSON.stringify(body) },
        ...signal === undefined ? {} : { signal },
      });
    } catch (cause) {
      signal?.throwIfAborted();
      throw new ApiError("unreachable", "Cannot reach the server", { cause });
    }
    if (response.status === 204) return undefined as Answer;
    const isJson = /[/+]json\b/.test(response.headers.get("content-type") ?? "");
    if (response.ok && isJson) return await response.json();
    const { code = "failed", detail, hint = null } = isJson ? await response.json() : { detail: await response.text() };
    throw new ApiError(code, detail ?? response.statusText, { hint });
  }
}
