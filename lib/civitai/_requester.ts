import { FailureError, isRetryable, Pacer, retry } from "../failsafe/mod.ts";
import type { BaseUrl } from "./_parse_base_url.ts";
import type { Lane, RequesterSettings } from "./_requester_settings.ts";
import { Wire } from "./_wire.ts";
import { parseLenientJson } from "./parse_lenient_json.ts";

/** A server that asks for more than this gets its error passed on, not waited for. */
const MAX_WAIT_MS = 120_000;
const MAX_TOTAL_MS = 900_000;
/** A pause for everybody when the server says "too many" without saying how long. */
const THROTTLE_PAUSE_MS = 5000;

/** One question to the API. */
export interface ApiCall {
  /** To complete "Cannot …". */
  readonly what: string;
  /** After the base, such as `/api/v1/models`. */
  readonly path: string;
  readonly query?: URLSearchParams | undefined;
  /** Sent as JSON by POST. */
  readonly body?: unknown;
  readonly lane: Lane;
  readonly signal?: AbortSignal | undefined;
}

/** Asks the API, paced and with patience: retries what passes, asks the mirror for what the base does not find. */
export class Requester {
  readonly settings: RequesterSettings;
  readonly wire: Wire;
  readonly #pacers: Readonly<Record<Lane, Pacer>>;
  /** 404s that may come from a hiccup of the storage: worth a second look. */
  readonly #doubtful = new WeakSet<FailureError>();

  constructor(settings: RequesterSettings) {
    this.settings = settings;
    this.wire = new Wire(settings);
    const { rates, clock } = settings;
    const pacer = (lane: Lane): Pacer => new Pacer({ perSecond: rates[lane], clock });
    this.#pacers = { model: pacer("model"), image: pacer("image"), download: pacer("download") };
  }

  /** Ask the base alone. */
  json<T>(call: ApiCall, parse: (json: unknown) => T): Promise<T> {
    return this.#jsonAt(this.settings.base, call, parse);
  }

  /** Ask for one named thing: what the base does not find, the mirror may. */
  jsonAnywhere<T>(call: ApiCall, parse: (json: unknown) => T): Promise<T> {
    return this.anywhere(call.signal, (base) => this.#jsonAt(base, call, parse));
  }

  /** Do something at the base and, only if that finds nothing, at the mirror. */
  async anywhere<T>(signal: AbortSignal | undefined, ask: (base: BaseUrl) => Promise<T>): Promise<T> {
    const { base, mirror } = this.settings;
    try {
      return await ask(base);
    } catch (error) {
      if (mirror === null || !(error instanceof FailureError) || error.failure !== "gone") throw error;
      try {
        return await ask(mirror);
      } catch (second) {
        // "Gone" is final, so it must not be said while the mirror could not answer.
        if (signal?.aborted || isRetryable(second)) throw second;
        throw error;
      }
    }
  }

  /** Repeat an operation, in its lane, while its failures pass. */
  persist<T>(call: Pick<ApiCall, "what" | "lane" | "signal">, url: string, operation: () => Promise<T>): Promise<T> {
    const { what, lane, signal } = call;
    const { clock, random, maxRetries, redact, onRetry } = this.settings;
    let secondLooks = 0;
    const attempt = async (): Promise<T> => {
      await this.#pacers[lane].turn({ signal });
      try {
        return await operation();
      } catch (error) {
        this.#slowDown(lane, error);
        throw error;
      }
    };
    return retry(attempt, {
      clock,
      random,
      signal,
      maxRetries,
      maxRetryAfterMs: MAX_WAIT_MS,
      totalMs: MAX_TOTAL_MS,
      shouldRetry: (error) => isRetryable(error) || (this.#isDoubtful(error) && secondLooks++ === 0),
      onRetry: ({ attempt, waitMs, failure, error }) => {
        const message = redact(error instanceof Error ? error.message : String(error));
        onRetry({ what, url: redact(url), attempt, waitMs, failure, message });
      },
    });
  }

  /** The error that a refusal means; remembers a 404 that may be wrong. */
  refusal(response: Response, text: string, what: string): FailureError {
    const error = this.wire.refusal(response, text, what);
    const isUnstored = /no-store/i.test(response.headers.get("cache-control") ?? "");
    if (error.failure === "gone" && isUnstored) this.#doubtful.add(error);
    return error;
  }

  async #jsonAt<T>(base: BaseUrl, call: ApiCall, parse: (json: unknown) => T): Promise<T> {
    const query = call.query === undefined ? "" : `?${call.query}`;
    const url = `${base.href}${call.path}${query}`;
    const json = await this.persist(call, url, async () => {
      const response = await this.wire.sendFollowing(new URL(url), call);
      const text = await this.wire.text(response, call);
      const isData = response.ok && text.trim() !== "" && !text.trimStart().startsWith("<");
      if (!isData) throw this.refusal(response, text, call.what);
      return parseAnswer(text, call.what);
    });
    try {
      return parse(json);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new FailureError("server", `Cannot ${call.what}: ${error.message}`, { retryable: false, cause: error });
    }
  }

  #slowDown(lane: Lane, error: unknown): void {
    if (!(error instanceof FailureError)) return;
    const asked = error.retryAfterMs ?? (error.failure === "throttled" ? THROTTLE_PAUSE_MS : 0);
    if (asked > 0) this.#pacers[lane].pause(Math.min(asked, MAX_WAIT_MS));
  }

  #isDoubtful(error: unknown): boolean {
    return error instanceof FailureError && this.#doubtful.has(error);
  }
}

/** A body that is no JSON was cut off on its way, most likely: worth another try. */
function parseAnswer(text: string, what: string): unknown {
  try {
    return parseLenientJson(text);
  } catch (error) {
    throw new FailureError("server", `Cannot ${what}: the answer is no JSON`, { cause: error });
  }
}
