import { createHash } from "node:crypto";
import { bytesBody, type HttpAnswer } from "../http/http_message.ts";

/**
 * Add a weak ETag to a response, and omit the body if the caller already has it.
 *
 * @param answer A response with status 200
 * @param condition The request's `If-None-Match`
 * @returns The response, or 304 without a body
 */
export function validated(answer: HttpAnswer, condition: string | undefined): HttpAnswer {
  const bytes = new Uint8Array(answer.body.sizeBytes);
  answer.body.read(0, bytes);
  const etag = `W/"${createHash("sha1").update(bytes).digest("base64url")}"`;
  const headers = { ...answer.headers, ETag: etag };
  const known = (condition ?? "").split(",").map((word) => word.trim());
  if (!known.includes(etag) && !known.includes("*")) return { ...answer, headers };
  return { status: 304, headers, body: bytesBody(new Uint8Array()) };
}
