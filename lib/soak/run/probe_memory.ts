import { Session } from "node:inspector";

const HOLD_MS = 1000;

/** The memory usage of a process, measured by the process itself. */
export interface OwnMemory {
  /** Bytes in use on the heap. */
  readonly heapUsed: number;
  /** Bytes outside of the heap that are held by objects, such as buffers. */
  readonly external: number;
  /** Resident memory in bytes. */
  readonly rss: number;
}

/**
 * Collect the garbage of this process and measure its memory. The garbage is collected twice, so that objects held by
 * finalizers are also freed. This needs `--allow-sys` without restrictions, but no V8 flag.
 *
 * @returns The memory usage after the collection
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { probeMemory } from "@civitai-dl/civitai-dl/soak";
 *
 * const { heapUsed, rss } = await probeMemory();
 * assert(heapUsed > 0 && heapUsed < rss);
 * ```
 */
export async function probeMemory(): Promise<OwnMemory> {
  const session = new Session();
  session.connect();
  try {
    for (let round = 0; round < 2; round++) {
      await collect(session);
      // Finalizers run in a later turn of the event loop.
      await new Promise((resolve) => setTimeout(resolve));
    }
  } finally {
    session.disconnect();
  }
  const { heapUsed, external, rss } = Deno.memoryUsage();
  return { heapUsed, external, rss };
}

async function collect(session: Session): Promise<void> {
  // The session alone does not keep the process running until the result arrives.
  const hold = setInterval(() => {}, HOLD_MS);
  try {
    await new Promise<void>((resolve, reject) => {
      session.post("HeapProfiler.collectGarbage", (error: unknown) => error ? reject(error) : resolve());
    });
  } finally {
    clearInterval(hold);
  }
}
