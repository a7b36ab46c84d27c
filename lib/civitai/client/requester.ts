import {
  type Admission,
  breakerRefusal,
  classifyFailure,
  type FailureClass,
  FailureError,
  isRetryable,
  loadSignalOf,
  outcomeOfError,
  Pacer,
  retry,
  RETRY_POLICY,
} from "../../failsafe/mod.ts";
import { answerKey } from "./_answer_key.ts";
import type { KeptAnswer } from "./answer_cache.ts";
import type { BaseUrl } from "./_parse_base_url.ts";
import type { Lane, RequesterSettings } from "./_requester_settings.ts";
import { Wire } from "./_wire.ts";
import { parseLenientJson } from "../shapes/parse_lenient_json.ts";

/** Failures of a service that says nothing at all. */
const SILENCE: ReadonlySet<FailureClass> = new Set<FailureClass>(["connection", "dns", "tls", "timeout", "stall"]);
/** In UTF-16 units. */
const LONG_ANSWER = 4 << 20;
/** A turn of the event loop is too short for a signal that is pending: it takes some until it is an event. */
const PAUSE_MS = 10;
/** A pause for everybody when the server says "too many" without saying how long. */
const THROTTLE_PAUSE_MS = 5000;
/** Tells who the user is, perhaps with an e-mail address: never kept. */
const PRIVATE = "/me";

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
  /** Beats the client's. */
  readonly maxRetries?: number | undefined;
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
  persist<T>(
    call: Pick<ApiCall, "what" | "lane" | "signal" | "maxRetries">,
    url: string,
    operation: () => Promise<T>,
  ): Promise<T> {
    const { what, lane, signal, maxRetries = this.settings.maxRetries } = call;
    const { clock, random, limits, redact, onRetry } = this.settings;
    let secondLooks = 0;
    const isOffline = (error: unknown): boolean => this.#isOffline(error);
    const isDoubtful = (error: unknown): boolean => this.#isDoubtful(error);
    const { host } = new URL(url);
    const attempt = async (number: number): Promise<T> => {
      await this.#pacers[lane].turn({ signal });
      using permit = await limits.acquire(host, { signal });
      // A call keeps its permit while it waits for a host that is down: it will be the one that tries the host.
      using admission = await this.#admit(host, what, signal);
      const sentAt = clock.monotonic();
      try {
        const value = await operation();
        admission?.done({ type: "ok", durationMs: clock.monotonic() - sentAt });
        // Listings take as long as they are large: only answers of one size tell how busy the host is.
        permit.done(lane === "download" ? { type: "ok", latencyMs: clock.monotonic() - sentAt } : { type: "ignored" });
        return value;
      } catch (error) {
        permit.done(loadSignalOf(error, { from: "api" }).outcome);
        const isIgnored = signal?.aborted || this.#isOwnTrouble(error, { number, lane, host });
        admission?.done(isIgnored ? { type: "ignored" } : outcomeOfError(error));
        this.#slowDown(lane, error);
        throw error;
      }
    };
    return retry(attempt, {
      clock,
      random,
      signal,
      maxRetries,
      totalMs: (error) => this.#mostMs(classifyFailure(error)),
      shouldRetry(error) {
        if (isOffline(error)) return false;
        return isRetryable(error) || (isDoubtful(error) && secondLooks++ === 0);
      },
      onRetry: ({ attempt, waitMs, failure, error }) => {
        const message = redact(error instanceof Error ? error.message : String(error));
        onRetry({ what, url: redact(url), attempt, waitMs, failure, message });
      },
    });
  }

  /** Before the service has answered once, a name without an address means no network: it has been looked up twice. */
  #isOffline(error: unknown): boolean {
    return classifyFailure(error) === "dns" && this.wire.answerCount === 0;
  }

  #mostMs(failure: FailureClass): number {
    const { totalMs } = RETRY_POLICY.question;
    return SILENCE.has(failure) ? Math.min(totalMs, this.settings.patienceMs) : totalMs;
  }

  /**
   * One question that is failed again and again says no more of a host than the first time, while that answers others: it
   * must not be closed to those. For links all tries count, since those ask it for the same work.
   */
  #isOwnTrouble(
    error: unknown,
    tried: { readonly number: number; readonly lane: Lane; readonly host: string },
  ): boolean {
    const { number, lane, host } = tried;
    const isServer = error instanceof FailureError && error.failure === "server";
    return isServer && number > 1 && lane !== "download" && this.wire.hasAnsweredLately(host);
  }

  /** A host that has not answered lately is not asked for a while: that passes, like what it did not answer. */
  async #admit(host: string, what: string, signal: AbortSignal | undefined): Promise<Admission | null> {
    const admission = await this.settings.admit(host, { signal });
    if (admission?.type !== "refused") return admission;
    throw breakerRefusal(`Cannot ${what}`, { key: host, leave: admission, retryable: true });
  }

  /** The error that a refusal means; remembers a 404 that may be wrong. */
  refusal(response: Response, text: string, what: string): FailureError {
    const error = this.wire.refusal(response, text, what);
    const isUnstored = /no-store/i.test(response.headers.get("cache-control") ?? "");
    if (error.failure === "gone" && isUnstored) this.#doubtful.add(error);
    return error;
  }

  async #jsonAt<T>(base: BaseUrl, call: ApiCall, parse: (json: unknown) => T): Promise<T> {
    const { cache, token } = this.settings;
    const query = call.query === undefined ? "" : `?${call.query}`;
    const url = `${base.href}${call.path}${query}`;
    const key = call.body === undefined && !call.path.endsWith(PRIVATE) ? answerKey({ url, token }) : null;
    const known = key === null ? null : cache?.get(key) ?? null;
    const asked = this.#ask(url, call, known?.etag);
    const kept = known === null ? null : await readWhileAsking(known, parse, asked);
    let answer = await asked;
    if (answer.isCurrent) {
      if (kept !== null) return kept.value;
      answer = await this.#ask(url, call);
    }
    const value = parseShaped(answer.json, call, parse);
    await letOthersWork(answer.text, call.signal);
    if (key !== null && answer.etag !== null) cache?.put(key, { etag: answer.etag, body: answer.text });
    return value;
  }

  async #ask(url: string, call: ApiCall, etag?: string): Promise<Answer> {
    return await this.persist(call, url, async () => {
      const response = await this.wire.sendFollowing(new URL(url), { ...call, etag });
      const text = await this.wire.text(response, call);
      if (etag !== undefined && response.status === 304) return { json: undefined, text, etag, isCurrent: true };
      const isData = response.ok && text.trim() !== "" && !text.trimStart().startsWith("<");
      if (!isData) throw this.refusal(response, text, call.what);
      const isKept = !/no-store/i.test(response.headers.get("cache-control") ?? "");
      const validator = isKept ? response.headers.get("etag") : null;
      await letOthersWork(text, call.signal);
      const json = parseAnswer(text, call.what);
      await letOthersWork(text, call.signal);
      return { json, text, etag: validator, isCurrent: false };
    });
  }

  #slowDown(lane: Lane, error: unknown): void {
    if (!(error instanceof FailureError)) return;
    const asked = error.retryAfterMs ?? (error.failure === "throttled" ? THROTTLE_PAUSE_MS : 0);
    if (asked > 0) this.#pacers[lane].pause(Math.min(asked, RETRY_POLICY.maxRetryAfterMs));
  }

  #isDoubtful(error: unknown): boolean {
    return error instanceof FailureError && this.#doubtful.has(error);
  }
}

/** What came of a question. */
interface Answer {
  /** `undefined` when nothing was sent. */
  readonly json: unknown;
  readonly text: string;
  /** For the next time; `null` when it must not be kept. */
  readonly etag: string | null;
  /** The kept answer is still right. */
  readonly isCurrent: boolean;
}

/** To read many megabytes takes a while, in which neither signals are heard nor bytes of transfers are read. */
async function letOthersWork({ length }: string, signal: AbortSignal | undefined): Promise<void> {
  if (length <= LONG_ANSWER) return;
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  signal?.throwIfAborted();
}

/**
 * Read a kept answer while the server checks whether it is current, which it is most often: the two then take their time
 * together.
 */
async function readWhileAsking<T>(
  known: KeptAnswer,
  parse: (json: unknown) => T,
  asked: Promise<Answer>,
): Promise<{ readonly value: T } | null> {
  // The caller awaits it after this; a failure must not count as unhandled until then.
  asked.catch(() => {});
  // One turn of the event loop, so that the request is out before the thread is busy.
  await new Promise((resolve) => setTimeout(resolve, 0));
  return readKept(known, parse);
}

/** `null` for an answer that cannot be read, which is as good as not having it. */
function readKept<T>({ body }: KeptAnswer, parse: (json: unknown) => T): { readonly value: T } | null {
  try {
    return { value: parse(parseLenientJson(body)) };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Read an answer; a shape that nobody knows is final. */
function parseShaped<T>(json: unknown, { what }: ApiCall, parse: (json: unknown) => T): T {
  try {
    return parse(json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const state = error.message.replace(/^Cannot read [^:]*: /, "");
    throw new FailureError("server", `Cannot ${what}: ${state}`, { retryable: false, cause: error });
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
