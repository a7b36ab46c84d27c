import COPY_WORKER from "./copy_worker.js" with { type: "text" };

/** What {@linkcode copyDatabase} copies. */
export interface CopyDatabaseOptions {
  /** Path of the database. */
  readonly path: string;
  /** A path with nothing at it. */
  readonly copy: string;
  /** How long to wait for another process that writes, in milliseconds. */
  readonly timeout: number;
}

/**
 * Copy a database in another thread: a catalog of a hundred thousand models takes a quarter of a second. Files of a
 * database are never copied by other means while a connection of this process is open: on Unix, closing a file gives up
 * all locks that the process has on it.
 *
 * @throws {Error} The message of SQLite
 */
export async function copyDatabase(options: CopyDatabaseOptions): Promise<void> {
  const worker = new Worker(`data:text/javascript;base64,${btoa(COPY_WORKER)}`, { type: "module" });
  try {
    const message = await new Promise<string | null>((resolve) => {
      worker.onmessage = ({ data }: MessageEvent<string | null>) => resolve(data);
      worker.onerror = (event) => {
        event.preventDefault();
        resolve(event.message);
      };
      worker.postMessage(options);
    });
    if (message !== null) throw new Error(message);
  } finally {
    worker.terminate();
  }
}
