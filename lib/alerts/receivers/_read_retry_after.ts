import { isRecord } from "../../base/mod.ts";
import { parseRetryAfter } from "../../failsafe/mod.ts";
import { readBeginning } from "./read_beginning.ts";

/**
 * Read how long a service asks its clients to wait, in milliseconds: from the Retry-After header, or from `retry_after`
 * in the JSON body of a 429, as Telegram and Discord send it.
 */
export async function readRetryAfter(response: Response, nowMs: number): Promise<number | undefined> {
  const headerMs = parseRetryAfter(response.headers.get("retry-after"), nowMs);
  if (headerMs !== undefined || response.status !== 429) return headerMs;
  let json: unknown;
  try {
    json = JSON.parse(await readBeginning(response));
  } catch {
    // The body is not JSON, or the connection broke: the wait is unknown.
    return undefined;
  }
  const seconds = fieldOf(json, "retry_after") ?? fieldOf(fieldOf(json, "parameters"), "retry_after");
  return typeof seconds === "number" && seconds >= 0 ? seconds * 1000 : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}
