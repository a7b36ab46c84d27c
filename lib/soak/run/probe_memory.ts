import { Session } from "node:inspector";

/** What a process knows of its own memory. */
export interface OwnMemory {
  /** Bytes on the heap that are in use. */
  readonly heapUsed: number;
  /** Bytes outside of the heap that objects hold. */
  readonly external: number;
  /** Resident memory. */
  readonly rss: number;
}

/**
 * Collect the garbage of this process, twice, so that what waited for a finalizer goes too, and look at its memory. Needs
 * the permission `--allow-sys`, all of it, and no flag.
 *
 * @returns Bytes
 */
export async function probeMemory(): Promise<OwnMemory> {
  const session = new Session();
  session.connect();
  try {
    for (let round = 0; round < 2; round++) {
      await collect(session);
      // What a finalizer frees is freed in a later turn.
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
