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
 * Measures the memory of this process again and again. Between two measurements its session with V8 stays open: when a
 * session ends, V8 numbers all objects anew, and the objects of two heap snapshots can no longer be compared by their
 * ids. Measuring needs `--allow-sys` without restrictions, but no V8 flag.
 */
export class MemoryProbe {
  readonly #session = new Session();

  /** Open a session with V8. */
  constructor() {
    this.#session.connect();
  }

  /**
   * Collect the garbage of this process and measure its memory. The garbage is collected twice, so that objects held by
   * finalizers are also freed.
   *
   * @returns The memory usage after the collection
   */
  async measure(): Promise<OwnMemory> {
    for (let round = 0; round < 2; round++) {
      await collect(this.#session);
      // Finalizers run in a later turn of the event loop.
      await new Promise((resolve) => setTimeout(resolve));
    }
    const { heapUsed, external, rss } = Deno.memoryUsage();
    return { heapUsed, external, rss };
  }

  /** End the session. */
  [Symbol.dispose](): void {
    this.#session.disconnect();
  }
}

/**
 * Measure the memory of this process once, with a {@linkcode MemoryProbe} of its own.
 *
 * @returns The memory usage after the garbage was collected
 */
export async function probeMemory(): Promise<OwnMemory> {
  using probe = new MemoryProbe();
  return await probe.measure();
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
