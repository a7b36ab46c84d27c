import { parseRetryAfter } from "../failsafe/mod.ts";

/** What a service says about waiting is short. */
const MAX_BYTES = 4096;

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

/** The first few KiB of a body as text. */
export async function readBeginning(response: Response): Promise<string> {
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of response.body) {
    text += decoder.decode(chunk.subarray(0, MAX_BYTES - size), { stream: true });
    size += chunk.length;
    if (size >= MAX_BYTES) break;
  }
  return text;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
