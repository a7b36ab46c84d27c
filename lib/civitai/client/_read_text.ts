import { formatSize } from "../../base/mod.ts";
import { startDeadline } from "./_deadline.ts";

/** A body that drips a byte now and then is not waited for without end. */
const TOTAL_FACTOR = 10;

/** Options of {@linkcode readText}. */
interface ReadTextOptions {
  /** Most bytes, after decompression. */
  readonly maxBytes: number;
  /** Longest wait for the next bytes. */
  readonly idleMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Read a body as UTF-8, within bounds of size and patience; whatever happens, the body is closed. */
export async function readText(response: Response, options: ReadTextOptions): Promise<string> {
  const { maxBytes, idleMs, signal } = options;
  if (response.body === null) return "";
  using idle = startDeadline(idleMs, `No bytes for ${idleMs} ms`);
  using total = startDeadline(TOTAL_FACTOR * idleMs, `The body takes more than ${TOTAL_FACTOR * idleMs} ms`);
  const reader = response.body.getReader();
  const stop = AbortSignal.any([idle.signal, total.signal, ...(signal === undefined ? [] : [signal])]);
  // A failed cancel is a body that is closed already.
  const cancel = () => void reader.cancel(stop.reason).catch(() => {});
  stop.addEventListener("abort", cancel, { once: true });
  try {
    const decoder = new TextDecoder();
    const parts: string[] = [];
    for (let size = 0;;) {
      stop.throwIfAborted();
      const { done, value } = await reader.read();
      stop.throwIfAborted();
      if (done) return parts.join("") + decoder.decode();
      idle.restart();
      size += value.length;
      if (size > maxBytes) {
        throw new RangeError(`the body is larger than ${formatSize(maxBytes)}`);
      }
      parts.push(decoder.decode(value, { stream: true }));
    }
  } finally {
    stop.removeEventListener("abort", cancel);
    await reader.cancel().catch(() => {});
  }
}
