import { type FailureClass, FailureError, parseRetryAfter } from "../../failsafe/mod.ts";
import { type ErrorBody, parseErrorBody } from "../shapes/parse_error_body.ts";

/** A response that refuses the request, or contains unexpected content. */
export interface RefusedResponse {
  /** The HTTP status. */
  readonly status: number;
  /** The headers; only `Retry-After` is used. */
  readonly headers: Headers;
  /** The whole body. */
  readonly text: string;
}

/** Options of {@linkcode classifyResponse}. */
export interface ClassifyResponseOptions {
  /** The attempted action, to complete "Cannot …". */
  readonly what: string;
  /** Whether the request carried a token. */
  readonly hasToken: boolean;
  /** The current time, in milliseconds since the epoch, used if `Retry-After` is a date. */
  readonly nowMs: number;
  /** The API's address, if it is not Civitai's own and may therefore be wrong. */
  readonly customAddress?: string | undefined;
}

interface Classified {
  readonly failure: FailureClass;
  readonly state?: string;
  readonly hint?: string;
  readonly retryable?: boolean;
}

const BASE_URL_HINT = "Check the base URL (--base-url), and that no captive portal or proxy answers in its place";

/**
 * Classify a refusal by the API or the download route.
 *
 * @param response The refusal
 * @param options The attempted action, and the context of the request
 * @returns The error to throw
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { classifyResponse } from "@civitai-dl/civitai-dl/civitai";
 *
 * const refusal = {
 *   status: 429,
 *   headers: new Headers({ "retry-after": "30" }),
 *   text: '{"error":"Too many requests"}',
 * };
 * const error = classifyResponse(refusal, { what: "read model 1", hasToken: true, nowMs: Date.now() });
 * assertEquals([error.failure, error.retryAfterMs], ["throttled", 30_000]);
 * ```
 */
export function classifyResponse(response: RefusedResponse, options: ClassifyResponseOptions): FailureError {
  const { what, hasToken, nowMs, customAddress } = options;
  const body = parseErrorBody(response.text);
  const { failure, state, hint, retryable } = judge(response, body, { hasToken, customAddress });
  const quoted = body.message === "" ? "" : `, saying "${body.message}"`;
  return new FailureError(
    failure,
    `Cannot ${what}: ${state ?? `the server responded with ${response.status}${quoted}`}`,
    {
      status: response.status,
      retryAfterMs: parseRetryAfter(response.headers.get("retry-after"), nowMs),
      until: failure === "early-access" ? body.deadline ?? undefined : undefined,
      retryable,
      ...(hint === undefined ? {} : { hint }),
    },
  );
}

/** Nouns in the API's own "not found" messages. Other servers say "Not Found" about the path. */
const ENTITY = /\b(?:model|version|user|file|image|post)\b/i;

function judge(
  response: RefusedResponse,
  body: ErrorBody,
  options: Pick<ClassifyResponseOptions, "hasToken" | "customAddress">,
): Classified {
  const { status } = response;
  const { hasToken, customAddress } = options;
  if (status < 400) return judgeUnexpected(response, body, hasToken);
  if (body.format === "html" && status !== 429 && status < 500) return judgeHtml(status);
  if (status >= 500) {
    // The server sends this for a version that it has only partly deleted.
    if (/failed to fetch model version details/i.test(body.message)) return { failure: "gone" };
    return { failure: "server" };
  }
  switch (status) {
    case 401:
      return judgeUnauthorized(body, hasToken);
    case 403:
      return judgeForbidden(body);
    case 404:
      return customAddress === undefined || ENTITY.test(body.message)
        ? { failure: "gone" }
        : judgeForeignHost(customAddress);
    case 408:
      return { failure: "timeout" };
    case 410:
      return { failure: "archived" };
    case 425:
    case 499:
      return { failure: "server" };
    case 429:
      return judgeTooMany(body);
    case 451:
      return { failure: "region", hint: "Civitai does not serve this country" };
  }
  return { failure: "rejected" };
}

/** Classify a success or a redirect whose body is unusable. */
function judgeUnexpected({ status, text }: RefusedResponse, body: ErrorBody, hasToken: boolean): Classified {
  if (body.format !== "html") {
    // The body was most likely truncated on the way.
    return { failure: "unusable", state: `the server responded with ${status}, but the body is not valid JSON` };
  }
  if (/returnUrl=|download-auth/i.test(text)) {
    // The API responds to an invalid key with 401. A login page with status 200 therefore says nothing about the key
    // that we sent.
    const state = "the server responded with a login page";
    if (!hasToken) return { failure: "login", state, hint: loginHint(hasToken) };
    return { failure: "unusable", state, hint: `If this happens for all files, create a new API key ${API_KEY_HINT}` };
  }
  return {
    failure: "unusable",
    state: "the server responded with a web page instead of data",
    hint: BASE_URL_HINT,
    retryable: false,
  };
}

function judgeHtml(status: number): Classified {
  if (status === 403) {
    return {
      failure: "forbidden",
      state: "the site's bot protection responded with 403 and a web page",
      hint: "Wait a few minutes, then try from another network; keep the default User-Agent",
    };
  }
  return {
    failure: "unusable",
    state: `the server responded with ${status} and a web page instead of data`,
    hint: BASE_URL_HINT,
    retryable: false,
  };
}

function judgeForeignHost(address: string): Classified {
  const state = `"${address}" responded with 404 and does not seem to be Civitai's API`;
  return { failure: "gone", state, hint: "Set --base-url to the part of the address before /api/v1" };
}

function judgeUnauthorized(body: ErrorBody, hasToken: boolean): Classified {
  if (/disabled downloads/i.test(body.message)) {
    return {
      failure: "disabled",
      state: "its creator has disabled downloads",
      hint: "Another API key does not help: the model can only be used on the site",
    };
  }
  const answer = body.message === "" ? "401" : `401, "${body.message}"`;
  const state = hasToken ? `the API key is wrong, expired or revoked (${answer})` : `it needs an API key (${answer})`;
  return { failure: "login", state, hint: loginHint(hasToken) };
}

const API_KEY_HINT = "at https://civitai.com/user/account, and pass it in CIVITAI_API_KEY, --token-file or api_key.md";

function loginHint(hasToken: boolean): string {
  return hasToken
    ? `Create a new API key ${API_KEY_HINT}`
    : `Create an API key ${API_KEY_HINT}: every download needs one`;
}

function judgeForbidden(body: ErrorBody): Classified {
  if (!/early access/i.test(body.message)) return { failure: "forbidden" };
  const until = body.deadline === null ? "with no announced end" : `until ${body.deadline}`;
  return {
    failure: "early-access",
    state: `it is in early access ${until}`,
    hint: "Try again after it ends, or buy access on the site",
  };
}

/** Distinguish three kinds of 429: too many pages, daily quota used up, too many requests. */
function judgeTooMany(body: ErrorBody): Classified {
  if (/too many pages|use cursors/i.test(body.message)) return { failure: "pagecap" };
  if (/unusual amount of downloading/i.test(body.message)) {
    return { failure: "quota", hint: "The account's quota for the last 24 hours is used up: try again later" };
  }
  return { failure: "throttled" };
}
