import { parseRetryAfter } from "../../failsafe/mod.ts";
import { readBeginning } from "./read_beginning.ts";

/**
 * How long a service asks us to wait, in milliseconds: by the Retry-After header, or by `retry_after` in its JSON, as
 * Telegram and Discord do.
 */
export async function readAskedWait(response: Response, nowMs: number): Promise<number | undefined> {
  const asked = parseRetryAfter(response.headers.get("retry-after"), nowMs);
  if (asked !== undefined || response.status !== 429) return asked;
  let json: unknown;
  try {
    json = JSON.parse(await readBeginning(response));
  } catch {
    // No JSON, or a connection that broke: then nothing is known of a wait.
    return undefined;
  }
  const seconds = fieldOf(json, "retry_after") ?? fieldOf(fieldOf(json, "parameters"), "retry_after");
  return typeof seconds === "number" && seconds >= 0 ? seconds * 1000 : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
