import { type Clock, cutText, type Env, KitError, type Random, systemClock, systemEnv } from "../../base/mod.ts";
import { FailureError, retry } from "../../failsafe/mod.ts";
import { expandEnv } from "../config/expand_env.ts";
import { HttpSender } from "../receivers/http_sender.ts";
import { readBeginning } from "../receivers/read_beginning.ts";
import { withinLimit } from "../receivers/within_limit.ts";

/** Options of {@linkcode openHeartbeat}. */
export interface HeartbeatOptions {
  /** Called when a ping could not be sent; the error names no secret. */
  readonly onFailure?: ((error: Error) => void) | undefined;
  /**
   * The longest time of one try.
   *
   * @default {10000}
   */
  readonly timeoutMs?: number;
  /**
   * Tries at most.
   *
   * @default {3}
   */
  readonly tries?: number;
  /** Stops pings; one that is stopped has failed. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Gives the values of `${NAME}` in the URL.
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
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /**
   * Dice of waits, as a seam.
   *
   * @default {Math.random}
   */
  readonly random?: Random | undefined;
  /**
   * Names a run, so that its start and its end are known to belong together.
   *
   * @default {crypto.randomUUID}
   */
  readonly newRunId?: (() => string) | undefined;
}

/**
 * Tells a dead man's switch that the monitor lives. Each method resolves to whether the ping was taken, and never
 * rejects: a heartbeat must not be what stops the heart.
 */
export interface Heartbeat {
  /** Its URL without secrets. */
  readonly describe: string;
  /** A run begins; the next ping of another kind ends it, and carries the same `rid`. */
  start(): Promise<boolean>;
  /** All is well; `body` is kept by the service for a person to read. */
  success(body?: string): Promise<boolean>;
  /** Something went wrong. */
  fail(body?: string): Promise<boolean>;
  /** The process ends with this status, 0 to 255; 0 is a success. */
  exit(status: number, body?: string): Promise<boolean>;
}

/** What services keep of a body at least. */
const MAX_BODY = 10_000;

/**
 * Open a heartbeat that speaks the protocol of Healthchecks.
 *
 * @param url The check's address, `https://HOST/UUID` or `https://HOST/KEY/SLUG`; may hold `${NAME}`
 * @param options Limits and seams
 * @returns The heartbeat; nothing has been sent yet
 * @throws {KitError} `usage` if this is no such address
 *
 * @example
 * ```ts ignore
 * const heartbeat = openHeartbeat("https://hc-ping.com/${CHECK}", { onFailure: (error) => log(error.message) });
 * await heartbeat.success();
 * ```
 */
export function openHeartbeat(url: string, options: HeartbeatOptions = {}): Heartbeat {
  const { env = systemEnv, newRunId = () => crypto.randomUUID() } = options;
  const base = parseBase(expandEnv(url, env));
  const describe = `${base.protocol}//${base.host}/…`;
  const ping = createPing(base, describe, options);
  let runId: string | undefined;
  const end = (suffix: string, body: string | undefined): Promise<boolean> => {
    const rid = runId;
    runId = undefined;
    return ping(suffix, { rid, body });
  };
  return {
    describe,
    start() {
      runId = newRunId();
      return ping("/start", { rid: runId });
    },
    success: (body) => end("", body),
    fail: (body) => end("/fail", body),
    exit(status, body) {
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
  readonly rid?: string | undefined;
  readonly body?: string | undefined;
}

function createPing(
  base: URL,
  describe: string,
  options: HeartbeatOptions,
): (suffix: string, options: PingOptions) => Promise<boolean> {
  const { onFailure = () => {}, timeoutMs = 10_000, tries = 3, signal, clock = systemClock } = options;
  const { random = Math.random } = options;
  const sender = new HttpSender(describe, { fetch: options.fetch, clock });
  return async (suffix, { rid, body }) => {
    const url = new URL(base);
    url.pathname += suffix;
    if (rid !== undefined) url.searchParams.set("rid", rid);
    const message = body === undefined
      ? { url, method: "GET" as const }
      : { url, body: cutText(body, MAX_BODY), headers: { "content-type": "text/plain; charset=utf-8" } };
    try {
      await retry(async () => {
        const send = (stop: AbortSignal) =>
          sender.send(message, { signal: stop, look: (answer) => look(answer, describe) });
        const state = `no answer within ${timeoutMs} ms`;
        const onTimeout = () => new FailureError("timeout", `Cannot notify "${describe}": ${state}`);
        await withinLimit(send, { timeoutMs, signal, onTimeout });
      }, { maxRetries: tries - 1, baseMs: 500, capMs: 4000, maxRetryAfterMs: 15_000, clock, random, signal });
      return true;
    } catch (error) {
      onFailure(toSafeError(error, describe));
      return false;
    }
  };
}

/** Some versions of the service answer 200 to a ping for a check that they do not know. */
async function look(response: Response, describe: string): Promise<void> {
  if ((await readBeginning(response)).includes("not found")) {
    throw new FailureError("gone", `Cannot notify "${describe}": the service knows no such check`, {
      hint: "Check the heartbeat's URL",
    });
  }
}

/** What is not ours is the reason of a stop, or may quote the URL. */
function toSafeError(error: unknown, describe: string): Error {
  if (error instanceof KitError) return error;
  return new FailureError("cancelled", `Cannot notify "${describe}": stopped`);
}
