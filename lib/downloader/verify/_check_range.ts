import { FailureError } from "../../failsafe/mod.ts";
import { judgeResponse } from "../../transfer/mod.ts";

/** The range that was asked for, and of which object. */
export interface RangeRequest {
  /** First byte. */
  readonly start: number;
  /** The byte behind the last. */
  readonly end: number;
  /** Size of the whole object. */
  readonly totalBytes: number;
  /** A strong validator; `null` when none is known. */
  readonly etag: string | null;
  /** For messages. */
  readonly host: string;
  /** The present, milliseconds since the epoch. */
  readonly nowMs: number;
}

/**
 * Believe an answer only if it is exactly the range asked for, of the object that the file was made from.
 *
 * @throws {FailureError} `changed` if the server has another object or sends no ranges; else what the status means
 */
export function checkRange(status: number, headers: Headers, asked: RangeRequest): void {
  const { start, end, totalBytes, etag, host, nowMs } = asked;
  const action = judgeResponse(status, headers, { offset: start, end, totalBytes, etag, host, nowMs });
  if (action.type === "append") return;
  if (action.type === "fail") throw action.error;
  throw changed(host, action.type === "restart" ? action.reason : `it answered ${status}, not with the range`);
}

function changed(host: string, state: string): FailureError {
  return new FailureError("changed", `Cannot fetch a part from "${host}": ${state}`, { retryable: false });
}
