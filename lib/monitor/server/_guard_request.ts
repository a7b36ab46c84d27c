import type { AccessToken } from "./_access_token.ts";
import { type Answer, answer } from "./_answer.ts";
import type { Asked } from "./_asked.ts";
import { LOGIN_PAGE } from "./_login_page.ts";

/** What a request is held against. */
export interface Guard {
  /** Whether a `Host` is one of ours. */
  readonly isOurHost: (host: string) => boolean;
  /** `null` lets everybody in. */
  readonly token: AccessToken | null;
}

/**
 * Decide whether a request may have an answer: whose name it uses, who asks, what for, and whether they may.
 *
 * @param asked The request
 * @param guard What it is held against
 * @returns The refusal or redirection, or `null` to go on
 */
export function guardRequest(asked: Asked, guard: Guard): Answer | null {
  const { hosts, method } = asked;
  if (hosts.length === 0 || !hosts.every(guard.isOurHost)) {
    return answer("This is the monitor of civitai-dl, and not the host that was asked for.\n", { status: 421 });
  }
  if (method !== "GET" && method !== "HEAD") {
    return answer("Only GET and HEAD.\n", { status: 405, headers: { allow: "GET, HEAD" } });
  }
  if (isForeign(asked)) return answer("Other sites may not read the monitor.\n", { status: 403 });
  return guard.token === null ? null : checkToken(asked, guard.token);
}

/** A browser says by itself for whom it asks. */
function isForeign({ header, hosts }: Asked): boolean {
  const origin = header("origin");
  if (origin !== null && !hosts.some((host) => origin === `http://${host}` || origin === `https://${host}`)) {
    return true;
  }
  const site = header("sec-fetch-site");
  // A link on another site may lead here; its scripts, images and frames may not.
  const isVisit = header("sec-fetch-mode") === "navigate" && header("sec-fetch-dest") === "document";
  return (site === "cross-site" || site === "same-site") && !isVisit;
}

function checkToken({ path, query, header }: Asked, token: AccessToken): Answer | null {
  const given = path === "/" ? query.get("token") : null;
  if (given !== null && token.matches(given)) {
    // The token leaves the address, and with it the history and the next copied link.
    return answer("", { status: 303, headers: { location: "/", "set-cookie": token.setCookie } });
  }
  if (given === null && token.admits(header("authorization"), header("cookie"))) return null;
  const refusal = { status: 401, headers: { "www-authenticate": 'Bearer realm="civitai-dl monitor"' } };
  return (header("accept") ?? "").includes("text/html")
    ? answer(LOGIN_PAGE, { ...refusal, type: "text/html; charset=utf-8" })
    : answer("The token is missing or wrong: send Authorization: Bearer TOKEN.\n", refusal);
}
