import { type Clock, type Env, KitError, systemClock, systemEnv, truncateText } from "../../base/mod.ts";
import { FailureError, retry } from "../../failsafe/mod.ts";
import { expandEnv } from "../receivers/expand_env.ts";
import { HttpSender } from "../receivers/http_sender.ts";
import { readBeginning } from "../receivers/read_beginning.ts";
import { withinLimit } from "../receivers/within_limit.ts";

/** Options of {@linkcode openHeartbeat}. */
export interface HeartbeatOptions {
  /** Called when a ping failed; the error contains no secret. */
  readonly onFailure?: ((error: Error) => void) | undefined;
  /**
   * Time limit of one attempt, in milliseconds.
   *
   * @default {10000}
   */
  readonly timeoutMs?: number;
  /** Stops pings; a stopped ping counts as failed. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Returns the values of `${NAME}` in the URL.
   *
   * @default {systemEnv}
   */
  readonly env?: Env | undefined;
  /**
   * Sends requests.
   *
   * @default {globalThis.fetch}
   */
  readonly fetch?: typeof fetch | undefined;
  /**
   * Clock; tests pass a fake one.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /**
   * The `rid` that links the ping at a run's start to the ping at its end. Set it if one process pings the start and
   * another the end: to the id that both know, or to `null` if they know none. Without it, each start gets a new one.
   */
  readonly runId?: string | null | undefined;
}

/**
 * Pings a dead man's switch to show that the monitor is alive. Each method resolves to whether the service accepted the
 * ping, and never rejects: a failed ping must not stop the monitor.
 */
export interface Heartbeat {
  /** The URL without secrets: only scheme and host. */
  readonly description: string;
  /** Report the start of a run; the next ping of another kind ends the run, and carries the same `rid`. */
  pingStart(): Promise<boolean>;
  /** Report success; the service stores `body` for people to read. */
  pingSuccess(body?: string): Promise<boolean>;
  /** Report a failure. */
  pingFailure(body?: string): Promise<boolean>;
  /** Report the exit status of a process, 0 to 255; 0 is a success. Throws a `RangeError` for any other status. */
  pingExit(status: number, body?: string): Promise<boolean>;
}

/** Length limit of a body; services store at least this much. */
const MAX_BODY = 10_000;
const MAX_ATTEMPTS = 3;

/**
 * Create a heartbeat that uses the protocol of Healthchecks.
 *
 * @param url The check's address, `https://HOST/UUID` or `https://HOST/KEY/SLUG`; may contain `${NAME}`
 * @param options Limits, environment, fetch and clock
 * @returns The heartbeat; nothing has been sent yet
 * @throws {KitError} `usage` if the URL is not such an address, or a variable in it is not set
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openHeartbeat } from "@civitai-dl/civitai-dl/alerts";
 *
 * const pings: string[] = [];
 * const heartbeat = openHeartbeat("https://hc-ping.com/${CHECK}", {
 *   env: () => "my-check",
 *   fetch: (url) => {
 *     pings.push(String(url));
 *     return Promise.resolve(new Response("OK"));
 *   },
 * });
 * assertEquals(await heartbeat.pingSuccess("3 downloads"), true);
 * assertEquals(pings, ["https://hc-ping.com/my-check"]);
 * ```
 */
export function openHeartbeat(url: string, options: HeartbeatOptions = {}): Heartbeat {
  const { env = systemEnv } = options;
  const base = parseBase(expandEnv(url, env, "heartbeat"));
  const description = `${base.protocol}//${base.host}/…`;
  const ping = createPing(base, description, options);
  const { runId: sharedId } = options;
  // If another process pinged the start, the shared id is all that this one knows of the run.
  let runId: string | null = sharedId ?? null;
  const end = (suffix: string, body: string | undefined): Promise<boolean> => {
    const rid = runId;
    runId = null;
    return ping(suffix, { rid, body });
  };
  return {
    description,
    pingStart() {
      runId = sharedId === undefined ? crypto.randomUUID() : sharedId;
      return ping("/start", { rid: runId });
    },
    pingSuccess: (body) => end("", body),
    pingFailure: (body) => end("/fail", body),
    pingExit(status, body) {
      if (!Number.isInteger(status) || status < 0 || status > 255) {
        throw new RangeError(`Cannot ping with exit status ${status}: it must be 0 to 255`);
      }
      return end(`/${status}`, body);
    },
  };
}

function parseBase(text: string): URL {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new KitError("usage", "Cannot use the heartbeat: no valid address; write https://HOST/UUID");
  }
  if (url.pathname === "/" || url.hash !== "" || url.username !== "") {
    throw new KitError("usage", `Cannot use the heartbeat at "${url.host}": write https://HOST/UUID`);
  }
  url.pathname = url.pathname.replace(/\/+$/, "");
  return url;
}

interface PingOptions {
  readonly rid: string | null;
  readonly body?: string | undefined;
}

function createPing(
  base: URL,
  description: string,
  options: HeartbeatOptions,
): (suffix: string, options: PingOptions) => Promise<boolean> {
  const { onFailure = () => {}, timeoutMs = 10_000, signal, clock = systemClock } = options;
  const sender = new HttpSender(description, { fetch: options.fetch, clock });
  return async (suffix, { rid, body }) => {
    const url = new URL(base);
    url.pathname += suffix;
    if (rid !== null) url.searchParams.set("rid", rid);
    const message = body === undefined
      ? { url, method: "GET" }
      : { url, body: truncateText(body, MAX_BODY), headers: { "content-type": "text/plain; charset=utf-8" } };
    try {
      await retry(async () => {
        const send = (stop: AbortSignal) =>
          sender.send(message, { signal: stop, check: (response) => assertCheckExists(response, description) });
        const state = `no answer within ${timeoutMs} ms`;
        const onTimeout = () => new FailureError("timeout", `Cannot notify "${description}": ${state}`);
        await withinLimit(send, { timeoutMs, signal, onTimeout });
      }, { maxRetries: MAX_ATTEMPTS - 1, baseMs: 500, capMs: 4000, maxRetryAfterMs: 15_000, clock, signal });
      return true;
    } catch (error) {
      onFailure(toSafeError(error, description));
      return false;
    }
  };
}

/** Some versions of the service respond with 200 to a ping for an unknown check. */
async function assertCheckExists(response: Response, description: string): Promise<void> {
  if ((await readBeginning(response)).includes("not found")) {
    throw new FailureError("gone", `Cannot notify "${description}": the service has no such check`, {
      hint: "Check the heartbeat's URL",
    });
  }
}

/** Keep a `KitError`. Any other error is the reason for an abort, or may quote the URL, so another one replaces it. */
function toSafeError(error: unknown, description: string): Error {
  if (error instanceof KitError) return error;
  return new FailureError("cancelled", `Cannot notify "${description}": stopped`);
}
