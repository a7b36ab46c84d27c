import { FailureError } from "../../failsafe/mod.ts";
import { judgeResponse } from "../../transfer/mod.ts";

/** The requested range, and the object that it belongs to. */
export interface RangeRequest {
  /** Offset of the first byte. */
  readonly start: number;
  /** Offset after the last byte. */
  readonly end: number;
  /** Size of the whole object, in bytes. */
  readonly totalBytes: number;
  /** Strong ETag of the object; `null` when none is known. */
  readonly etag: string | null;
  /** Name of the host, for error messages. */
  readonly host: string;
  /** Current time, in milliseconds since the epoch. */
  readonly nowMs: number;
}

/**
 * Accept a response only if it holds exactly the requested range of the object that the file was made from.
 *
 * @throws {FailureError} `changed` if the server has another object or sends no ranges; otherwise the class of the
 * response's status
 */
export function checkRange(status: number, headers: Headers, asked: RangeRequest): void {
  const { start, end, totalBytes, etag, host, nowMs } = asked;
  const action = judgeResponse(status, headers, { offset: start, end, totalBytes, etag, host, nowMs });
  if (action.type === "append") return;
  if (action.type === "fail") throw action.error;
  throw changed(
    host,
    action.type === "restart" ? action.reason : `it responded with status ${status} instead of the range`,
  );
}

function changed(host: string, state: string): FailureError {
  return new FailureError("changed", `Cannot fetch a part from "${host}": ${state}`, { retryable: false });
}
