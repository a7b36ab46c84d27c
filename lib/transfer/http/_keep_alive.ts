import type { BodyFraming } from "./body_framing.ts";
import type { ResponseHead } from "./parse_response_head.ts";

/** The server closes the connection at its timeout; a request sent just before that would find it closed. */
const MARGIN_MS = 500;

/**
 * Decide from the head of a response how long its connection may stay idle before the next request.
 *
 * @param head The head
 * @param framing How its body is framed
 * @returns Milliseconds, `Infinity` if the server names no limit, 0 if the connection ends with this response
 */
export function keepAliveMs(head: ResponseHead, framing: BodyFraming): number {
  const { headers, status, version } = head;
  if (framing.type === "until-close") return 0;
  // A body where none is allowed would be read as the next response.
  if (framing.type === "none" && status !== 304 && mayHaveBody(headers)) return 0;
  const tokens = (headers.get("connection") ?? "").toLowerCase().split(",").map((token) => token.trim());
  if (tokens.includes("close") || (version === "HTTP/1.0" && !tokens.includes("keep-alive"))) return 0;
  const limits = headers.get("keep-alive") ?? "";
  if (/(?:^|[\s,;])max=0+(?![0-9])/i.test(limits)) return 0;
  const seconds = /(?:^|[\s,;])timeout=([0-9]{1,9})(?![0-9])/i.exec(limits)?.[1];
  return seconds === undefined ? Infinity : Math.max(0, Number(seconds) * 1000 - MARGIN_MS);
}

function mayHaveBody(headers: Headers): boolean {
  return headers.has("transfer-encoding") || !/^0?$/.test(headers.get("content-length") ?? "");
}
