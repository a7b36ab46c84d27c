import { lookup } from "node:dns/promises";
import { createRedactor, KitError, rememberEnv, systemClock, systemEnv } from "../../base/mod.ts";
import { type BaseUrl, parseBaseUrl } from "../requests/parse_base_url.ts";
import { HostLimits, RETRY_POLICY } from "../../failsafe/mod.ts";
import type { SettledClient } from "../requests/settled_client.ts";
import type { ClientOptions } from "../client_options.ts";
import { USER_AGENT } from "./user_agent.ts";

/** Words by which the server recognizes a browser, anywhere in the User-Agent. */
const BROWSER_WORD = /mozilla|chrome|safari|firefox|opera|edge/i;

/** Check a client's options and fill in the defaults. Invalid options throw a `KitError` of code `usage`. */
export function applyDefaults(options: ClientOptions): SettledClient {
  const { baseUrl = "https://civitai.com", modelRate = 0.5, imageRate = 2, downloadRate = 2 } = options;
  const { patienceMs = RETRY_POLICY.patienceMs } = options;
  const base = parseBaseUrl(baseUrl, "base URL");
  const mirror = resolveMirror(base, options.mirrorUrl);
  const token = checkToken(options.token, [base, mirror]);
  return {
    base,
    mirror,
    token,
    userAgent: checkUserAgent(options.userAgent ?? USER_AGENT),
    fetch: options.fetch ?? globalThis.fetch,
    lookUp: options.lookUp === undefined && options.fetch === undefined ? lookup : options.lookUp ?? null,
    env: rememberEnv(options.env ?? systemEnv),
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    redact: createRedactor([token]),
    rates: { model: modelRate, image: imageRate, download: downloadRate },
    maxRetries: options.maxRetries ?? RETRY_POLICY.apiRequest.retries,
    unansweredRetries: options.unansweredRetries ?? Infinity,
    // A single request must not take longer than `patienceMs`.
    timeoutMs: Math.min(options.timeoutMs ?? RETRY_POLICY.apiRequest.timeoutMs, patienceMs),
    hostTimeouts: options.hostTimeouts,
    patienceMs,
    maxBodyBytes: options.maxBodyBytes ?? 32 * 1024 ** 2,
    admit: options.admit ?? (() => null),
    limits: options.limits ?? new HostLimits(options.clock && { optionsFor: () => ({ clock: options.clock! }) }),
    cache: options.cache,
    onRequest: options.onRequest ?? (() => {}),
    onWait: options.onWait,
    onRetry: options.onRetry ?? (() => {}),
  };
}

function resolveMirror(base: BaseUrl, mirrorUrl: string | null | undefined): BaseUrl | null {
  const fallback = base.href === "https://civitai.com" ? "https://civitai.red" : null;
  const url = mirrorUrl === undefined ? fallback : mirrorUrl;
  return url === null ? null : parseBaseUrl(url, "mirror URL");
}

function checkToken(token: string | undefined, bases: readonly (BaseUrl | null)[]): string | undefined {
  const trimmed = token?.trim();
  if (trimmed === undefined || trimmed === "") return undefined;
  if (!/^[\x21-\x7e]+$/.test(trimmed)) {
    throw new KitError("usage", "Cannot use the API key: it contains spaces or invalid characters", {
      hint: "Copy it again from https://civitai.com/user/account, on one line",
    });
  }
  const unencrypted = bases.find((base) => base !== null && !base.isLoopback && base.href.startsWith("http:"));
  if (unencrypted) {
    throw new KitError("usage", `Cannot send the token to "${unencrypted.href}": the connection is not encrypted`, {
      hint: "Use an https URL, or omit the token",
    });
  }
  return trimmed;
}

function checkUserAgent(userAgent: string): string {
  const word = BROWSER_WORD.exec(userAgent)?.[0];
  if (word !== undefined) {
    throw new KitError(
      "usage",
      `Cannot use the User-Agent "${userAgent}": the server takes "${word}" for a browser`,
      {
        hint: "Browsers get web pages instead of errors and files: use the form name/version (+url)",
      },
    );
  }
  if (!/^[\x20-\x7e]+$/.test(userAgent.trim())) {
    throw new KitError("usage", "Cannot use the User-Agent: it is empty or not plain ASCII");
  }
  return userAgent.trim();
}
