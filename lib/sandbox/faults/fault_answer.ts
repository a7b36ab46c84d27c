import type { FaultPlan } from "./fault_plan.ts";
import { htmlAnswer, type HttpAnswer, jsonAnswer, xmlErrorAnswer } from "../http/http_message.ts";

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
export function faultAnswer(plan: FaultPlan, nowMs: number): HttpAnswer | null {
  const { answer } = plan;
  switch (answer?.type) {
    case undefined:
      return null;
    case "expiredUrl":
      return xmlErrorAnswer(403, "ExpiredRequest", "Request has expired");
    case "loginHtml":
      return htmlAnswer(200, "Sign in", LOGIN_FORM);
    case "emptyImages":
      return jsonAnswer(200, { items: [], metadata: {} });
    case "serverError":
      return serverError(answer.status);
    case "throttle": {
      const { retryAfterSeconds, form } = answer;
      const value = form === "date" ? new Date(nowMs + retryAfterSeconds * 1000).toUTCString() : `${retryAfterSeconds}`;
      const headers = retryAfterSeconds < 0 ? {} : { "Retry-After": value };
      return jsonAnswer(429, { error: "Too many requests", code: "TOO_MANY_REQUESTS" }, headers);
    }
  }
}

function serverError(status: number): HttpAnswer {
  if (status === 500) return jsonAnswer(500, { message: "An unexpected error occurred", error: {} });
  if (status === 503) {
    const headers = { "Retry-After": "2", "Cache-Control": "no-store" };
    return jsonAnswer(503, { error: "Server busy, please retry shortly." }, headers);
  }
  const title = `civitai.com | ${status}: ${CLOUDFLARE_TITLES[status] ?? "Error"}`;
  return htmlAnswer(status, title, `<div id="cf-error-details"><span>Error code ${status}</span></div>`);
}
