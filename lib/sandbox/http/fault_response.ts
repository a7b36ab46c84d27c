import type { FaultPlan } from "../faults/fault_plan.ts";
import { htmlResponse, type HttpResponse, jsonResponse, xmlErrorResponse } from "./http_message.ts";

const LOGIN_FORM = '<div id="__next"><form action="/login?returnUrl=%2F&amp;reason=download-auth">' +
  "<button>Continue</button></form></div>";
const CLOUDFLARE_TITLES: Readonly<Record<number, string>> = {
  502: "Bad gateway",
  504: "Gateway time-out",
  520: "Web server is returning an unknown error",
  524: "A timeout occurred",
};

/**
 * Create the response that a fault sends instead of the regular one.
 *
 * @param plan The faults of the request
 * @param nowMs The current time, for dates in headers, in milliseconds since the epoch
 * @returns The response; `null` if no fault replaces the regular one
 */
export function faultResponse(plan: FaultPlan, nowMs: number): HttpResponse | null {
  const { response } = plan;
  switch (response?.type) {
    case undefined:
      return null;
    case "expiredUrl":
      return xmlErrorResponse(403, "ExpiredRequest", "Request has expired");
    case "loginHtml":
      return htmlResponse(200, "Sign in", LOGIN_FORM);
    case "emptyImages":
      return jsonResponse(200, { items: [], metadata: {} });
    case "serverError":
      return serverError(response.status);
    case "throttle": {
      const { retryAfterSeconds, form } = response;
      const value = form === "date" ? new Date(nowMs + retryAfterSeconds * 1000).toUTCString() : `${retryAfterSeconds}`;
      const headers: HttpResponse["headers"] = retryAfterSeconds < 0 ? {} : { "Retry-After": value };
      return jsonResponse(429, { error: "Too many requests", code: "TOO_MANY_REQUESTS" }, headers);
    }
  }
}

function serverError(status: number): HttpResponse {
  if (status === 500) return jsonResponse(500, { message: "An unexpected error occurred", error: {} });
  if (status === 503) {
    const headers = { "Retry-After": "2", "Cache-Control": "no-store" };
    return jsonResponse(503, { error: "Server busy, please retry shortly." }, headers);
  }
  const title = `civitai.com | ${status}: ${CLOUDFLARE_TITLES[status] ?? "Error"}`;
  return htmlResponse(status, title, `<div id="cf-error-details"><span>Error code ${status}</span></div>`);
}
