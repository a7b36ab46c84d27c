import { Session } from "node:inspector";

/** The memory use of a process, as measured by itself. */
export interface OwnMemory {
  /** Bytes in use on the heap. */
  readonly heapUsed: number;
  /** Bytes outside of the heap that objects hold, such as buffers. */
  readonly external: number;
  /** Resident memory in bytes. */
  readonly rss: number;
}

/**
 * Collect the garbage of this process and measure its memory. Collects twice, so that objects held by finalizers are
 * freed too. Needs `--allow-sys` without restriction, but no V8 flag.
 *
 * @returns The memory use after the collection
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { type OwnMemory, WatchedProcess } from "@civitai-dl/civitai-dl/soak";
 *
 * const code = `import { probeMemory, serveWork } from "@civitai-dl/civitai-dl/soak";
 * await serveWork({ work: () => Promise.resolve(), probe: probeMemory });`;
 * await using child = new WatchedProcess({
 *   command: () => new Deno.Command(Deno.execPath(), { args: ["eval", code], stdin: "piped", stdout: "piped" }),
 * });
 * const { heapUsed, rss } = await child.probe() as OwnMemory;
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

function collect(session: Session): Promise<void> {
  return new Promise((resolve, reject) => {
    session.post("HeapProfiler.collectGarbage", (error: unknown) => error ? reject(error) : resolve());
  });
}
