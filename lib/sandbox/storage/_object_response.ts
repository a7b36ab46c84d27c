import { parseRange } from "./_byte_range.ts";
import type { FaultPlan } from "../faults/fault_plan.ts";
import { type HttpRequest, type HttpResponse, type ResponseBody, xmlErrorResponse } from "../http/http_message.ts";

/** An object in the storage. */
export interface StoredObject {
  readonly body: ResponseBody;
  /** A strong ETag, with its quotes. */
  readonly etag: string;
  readonly lastModifiedMs: number;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Respond to a GET request for an object: with all of it (200), a part (206), or a refusal (416).
 *
 * @param object The object
 * @param request The request with its Range and If-Range
 * @param faults The faults of the request
 * @returns The response
 */
export function objectResponse(object: StoredObject, request: HttpRequest, faults: FaultPlan): HttpResponse {
  const { body, lastModifiedMs } = object;
  const etag = faults.changedEtag ? object.etag.replace(/"$/, '-changed"') : object.etag;
  const lastModified = new Date(lastModifiedMs).toUTCString();
  const condition = request.headers.get("if-range");
  const isSame = condition === undefined || condition === etag || condition === lastModified;
  const isIgnored = !isSame || faults.wrongRange === "ignore";
  const range = parseRange(isIgnored ? undefined : request.headers.get("range"), body.sizeBytes);
  if (range.type === "unsatisfiable") {
    const refusal = xmlErrorResponse(416, "InvalidRange", "The requested range is not satisfiable");
    return { ...refusal, headers: { ...refusal.headers, "Content-Range": `bytes */${body.sizeBytes}` } };
  }
  const headers = {
    ...object.headers,
    "ETag": etag,
    "Last-Modified": lastModified,
    "Accept-Ranges": "bytes",
  };
  if (range.type === "whole") return { status: 200, headers, body };
  const { start, end, total } = distortRange(range, body.sizeBytes, faults.wrongRange);
  return {
    status: 206,
    headers: { ...headers, "Content-Range": `bytes ${start}-${end - 1}/${total}` },
    body: { sizeBytes: end - start, read: (offset, target) => body.read(start + offset, target) },
  };
}

/** Return the range to send instead of the requested one. */
function distortRange(
  range: { readonly start: number; readonly end: number },
  sizeBytes: number,
  fault: FaultPlan["wrongRange"],
): { readonly start: number; readonly end: number; readonly total: number } {
  const { start, end } = range;
  if (fault === "total") return { start, end, total: sizeBytes + 1 };
  if (fault !== "start") return { start, end, total: sizeBytes };
  if (start > 0) return { start: start - 1, end, total: sizeBytes };
  return { start: Math.min(1, end - 1), end: Math.min(sizeBytes, end + 1), total: sizeBytes };
}
