import type { AccessToken } from "./_access_token.ts";
import { createResponse, type PageResponse } from "./_response.ts";
import type { PageRequest } from "./_page_request.ts";
import { LOGIN_PAGE } from "./_login_page.ts";

/** The criteria that a request is checked against. */
export interface Guard {
  /** Whether a value of `Host` is accepted. */
  readonly isOurHost: (host: string) => boolean;
  /** The access token; `null` if none is required. */
  readonly token: AccessToken | null;
}

/**
 * Decide whether a request is answered, by its host, its method, its origin and its token.
 *
 * @returns The response that refuses or redirects the request; `null` if the request may be answered
 */
export function guardRequest(request: PageRequest, guard: Guard): PageResponse | null {
  const { hosts, method } = request;
  if (hosts.length === 0 || !hosts.every(guard.isOurHost)) {
    return createResponse("This is the monitor of civitai-dl, not the requested host.\n", { status: 421 });
  }
  if (method !== "GET" && method !== "HEAD") {
    return createResponse("Only GET and HEAD are allowed.\n", { status: 405, headers: { allow: "GET, HEAD" } });
  }
  if (isForeign(request)) return createResponse("Other sites may not read the monitor.\n", { status: 403 });
  return guard.token === null ? null : checkToken(request, guard.token);
}

/** Whether another site made the browser send the request, according to the browser's headers. */
function isForeign({ header, hosts }: PageRequest): boolean {
  const origin = header("origin");
  if (origin !== null && !hosts.some((host) => origin === `http://${host}` || origin === `https://${host}`)) {
    return true;
  }
  const site = header("sec-fetch-site");
  // Another site may link to the page, but not load it by scripts, images or frames.
  const isVisit = header("sec-fetch-mode") === "navigate" && header("sec-fetch-dest") === "document";
  return (site === "cross-site" || site === "same-site") && !isVisit;
}

function checkToken({ path, query, header }: PageRequest, token: AccessToken): PageResponse | null {
  const given = path === "/" ? query.get("token") : null;
  if (given !== null && token.matches(given)) {
    // Redirect, so that the token does not stay in the address bar, in the history and in copied links.
    return createResponse("", { status: 303, headers: { location: "/", "set-cookie": token.setCookie } });
  }
  if (given === null && token.admits(header("authorization"), header("cookie"))) return null;
  const refusal = { status: 401, headers: { "www-authenticate": 'Bearer realm="civitai-dl monitor"' } };
  return (header("accept") ?? "").includes("text/html")
    ? createResponse(LOGIN_PAGE, { ...refusal, type: "text/html; charset=utf-8" })
    : createResponse("The token is missing or wrong: send Authorization: Bearer TOKEN.\n", refusal);
}
