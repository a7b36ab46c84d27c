import { createHash } from "node:crypto";
import { bytesBody, type HttpResponse } from "../http/http_message.ts";

/**
 * Add a weak ETag to a response, and omit the body if the caller already has it.
 *
 * @param answer A response with status 200
 * @param condition The request's `If-None-Match`
 * @returns The response, or 304 without a body
 */
export function validated(response: HttpResponse, condition: string | undefined): HttpResponse {
  const bytes = new Uint8Array(response.body.sizeBytes);
  response.body.read(0, bytes);
  const etag = `W/"${createHash("sha1").update(bytes).digest("base64url")}"`;
  const headers = { ...response.headers, ETag: etag };
  const known = (condition ?? "").split(",").map((word) => word.trim());
  if (!known.includes(etag) && !known.includes("*")) return { ...response, headers };
  return { status: 304, headers, body: bytesBody(new Uint8Array()) };
}
