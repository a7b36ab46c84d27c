import type { AccessToken } from "./_access_token.ts";
import type { PageRequest } from "./_page_request.ts";
import { createResponse, type HttpResponse } from "./_response.ts";
import { LOGIN_PAGE } from "./_login_page.ts";
import { RouteError } from "./route_error.ts";

/** The criteria that a request is checked against. */
export interface Guard {
  /** Whether a value of `Host` is accepted. */
  readonly isOurHost: (host: string) => boolean;
  /** The access token; `null` if none is required. */
  readonly token: AccessToken | null;
}

/**
 * Decide whether a request is answered, by its host, its origin and its token.
 *
 * @returns The response that redirects the request or asks for the token; `null` if the request may be answered
 * @throws {RouteError} If the request is refused
 */
export function guardRequest(request: PageRequest, guard: Guard): HttpResponse | null {
  const { hosts } = request;
  if (hosts.length === 0 || !hosts.every(guard.isOurHost)) {
    throw new RouteError("forbidden", "Cannot answer for the requested host: this is the page of civitai-dl", {
      status: 421,
      hint: "Name the host with --host if it is this one",
    });
  }
  if (isForeign(request)) throw new RouteError("forbidden", "Cannot answer requests of other sites");
  return guard.token === null ? null : checkToken(request, guard.token);
}

/** Whether another site made the browser send the request, according to the browser's headers. */
function isForeign({ method, header, hosts }: PageRequest): boolean {
  const origin = header("origin");
  if (origin !== null && !hosts.some((host) => origin === `http://${host}` || origin === `https://${host}`)) {
    return true;
  }
  const site = header("sec-fetch-site");
  if (method !== "GET" && method !== "HEAD") return site !== null && site !== "same-origin";
  // Another site may link to the page, but not load it by scripts, images or frames.
  const isVisit = header("sec-fetch-mode") === "navigate" && header("sec-fetch-dest") === "document";
  return (site === "cross-site" || site === "same-site") && !isVisit;
}

function checkToken({ method, path, query, header }: PageRequest, token: AccessToken): HttpResponse | null {
  const given = path === "/" && method === "GET" ? query.get("token") : null;
  if (given !== null && token.matches(given)) {
    // Redirect, so that the token does not stay in the address bar, in the history and in copied links.
    return createResponse({ status: 303, headers: { location: "/", "set-cookie": token.setCookie }, body: "" });
  }
  if (given === null && token.admits(header("authorization"), header("cookie"))) return null;
  const headers = { "www-authenticate": 'Bearer realm="civitai-dl"' };
  if ((header("accept") ?? "").includes("text/html")) {
    const type = { "content-type": "text/html; charset=utf-8" };
    return createResponse({ status: 401, headers: { ...headers, ...type }, body: LOGIN_PAGE });
  }
  throw new RouteError("forbidden", "Cannot answer: the token is missing or wrong", {
    status: 401,
    headers,
    hint: "Send Authorization: Bearer TOKEN",
  });
}
