import { formatSize } from "../../base/mod.ts";
import { startDeadline } from "./_deadline.ts";

/** Limit for the whole body, as a multiple of `idleMs`: a body that drips single bytes never reaches the idle limit. */
const TOTAL_FACTOR = 10;

/** Options of {@linkcode readText}. */
interface ReadTextOptions {
  /** Largest body in bytes, after decompression. */
  readonly maxBytes: number;
  /** Longest wait for the next bytes, in milliseconds. */
  readonly idleMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Called once with the longest wait for bytes in milliseconds, and whether it was aborted. */
  readonly onIdle?: ((longestMs: number, hasTimedOut: boolean) => void) | undefined;
}

/** Read a body as UTF-8, with limits on size, idle time and total time. The body is closed in any case. */
export async function readText(response: Response, options: ReadTextOptions): Promise<string> {
  const { maxBytes, idleMs, signal, onIdle } = options;
  if (response.body === null) return "";
  using idle = startDeadline(idleMs, `no bytes arrived for ${idleMs} ms`);
  using total = startDeadline(TOTAL_FACTOR * idleMs, `the body took more than ${TOTAL_FACTOR * idleMs} ms`);
  const reader = response.body.getReader();
  const stop = AbortSignal.any([idle.signal, total.signal, ...(signal === undefined ? [] : [signal])]);
  // Canceling fails only when the body is already closed.
  const cancel = () => void reader.cancel(stop.reason).catch(() => {});
  stop.addEventListener("abort", cancel, { once: true });
  let longestMs = 0;
  try {
    const decoder = new TextDecoder();
    const parts: string[] = [];
    for (let size = 0;;) {
      stop.throwIfAborted();
      const startMs = performance.now();
      const { done, value } = await reader.read();
      stop.throwIfAborted();
      longestMs = Math.max(longestMs, performance.now() - startMs);
      if (done) return parts.join("") + decoder.decode();
      idle.restart();
      size += value.length;
      if (size > maxBytes) {
        throw new RangeError(`the body is larger than ${formatSize(maxBytes)}`);
      }
      parts.push(decoder.decode(value, { stream: true }));
    }
  } finally {
    if (idle.signal.aborted) onIdle?.(idleMs, true);
    else if (!stop.aborted) onIdle?.(longestMs, false);
    stop.removeEventListener("abort", cancel);
    await reader.cancel().catch(() => {});
  }
}
