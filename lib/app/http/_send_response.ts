import type { ServerResponse } from "node:http";
import type { Clock } from "../../base/mod.ts";
import type { HttpResponse } from "./_response.ts";

/** How long a client may read nothing of a stream before it is disconnected, in milliseconds. */
const STALL_MS = 60_000;

/** Options of {@linkcode sendResponse}. */
export interface SendResponseOptions {
  /** Whether only the head is sent. */
  readonly isHead: boolean;
  readonly clock: Clock;
  /** Aborts when the client is gone; is aborted when nothing follows the head. */
  readonly gone: AbortController;
}

/** What the sender of a stream waits for. */
interface Waiting {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Send a response; of a stream, no more is read than the client takes. */
export async function sendResponse(
  response: ServerResponse,
  { status, headers, body: given }: HttpResponse,
  { isHead, clock, gone }: SendResponseOptions,
): Promise<void> {
  const { signal } = gone;
  const body = typeof given === "string" ? new TextEncoder().encode(given) : given;
  if (signal.aborted) return await discard(body);
  response.writeHead(status, { ...headers, ...lengthOf(body) });
  if (isHead) {
    gone.abort();
    await discard(body);
    response.end();
  } else if (typeof body === "function") body(response);
  else if (body instanceof ReadableStream) await sendStream(response, body, { clock, signal });
  else if (body === null) response.end();
  else response.end(body);
}

async function discard(body: HttpResponse["body"]): Promise<void> {
  if (body instanceof ReadableStream) await body.cancel();
}

function lengthOf(body: HttpResponse["body"]): Record<string, string> {
  return body instanceof Uint8Array ? { "content-length": String(body.length) } : {};
}

async function sendStream(
  response: ServerResponse,
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { clock, signal }: Waiting,
): Promise<void> {
  const reader = body.getReader();
  const cancel = () => void reader.cancel(signal.reason).catch(ignore);
  signal.addEventListener("abort", cancel, { once: true });
  try {
    while (!signal.aborted) {
      const { done, value } = await reader.read();
      if (done) break;
      if (!response.write(value) && !await drains(response, { clock, signal })) return;
    }
    if (!signal.aborted) response.end();
  } catch (error) {
    // The head says that all is well: only a broken connection tells that it is not.
    response.destroy();
    throw error;
  } finally {
    signal.removeEventListener("abort", cancel);
    await reader.cancel().catch(ignore);
  }
}

/** Wait until the client has taken what was written; returns whether it did. */
async function drains(response: ServerResponse, { clock, signal }: Waiting): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const waiting = new AbortController();
  response.once("drain", () => resolve(true));
  const gone = () => resolve(false);
  signal.addEventListener("abort", gone, { once: true });
  const stalled = clock.sleep(STALL_MS, { signal: waiting.signal }).then(() => {
    response.destroy();
    resolve(false);
  }, ignore);
  const isDrained = await promise;
  waiting.abort();
  signal.removeEventListener("abort", gone);
  await stalled;
  return isDrained;
}

/** What fails after the client is gone concerns nobody. */
function ignore(): void {}
