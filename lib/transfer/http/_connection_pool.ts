import type { HttpConnection } from "./_http_connection.ts";

/** Options of {@linkcode ConnectionPool}. */
export interface ConnectionPoolOptions {
  /** Resting connections of one origin at most; the longest rested goes first. */
  readonly maxIdlePerOrigin: number;
  /** How long a connection may rest. */
  readonly idleMs: number;
}

interface Resting {
  readonly connection: HttpConnection;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** All connections of a transport, and which of them rest. */
export class ConnectionPool implements Disposable {
  readonly #options: ConnectionPoolOptions;
  readonly #open = new Set<HttpConnection>();
  readonly #resting = new Map<string, Resting[]>();

  /**
   * Make one.
   *
   * @param options How much may rest
   */
  constructor(options: ConnectionPoolOptions) {
    this.#options = options;
  }

  /** Open connections, at work or at rest. */
  get size(): number {
    return this.#open.size;
  }

  /** Whether a connection rests that the next request to an origin would take. */
  hasResting(origin: string): boolean {
    return this.#resting.has(origin);
  }

  /** Know a connection that was opened. */
  add(connection: HttpConnection): void {
    this.#open.add(connection);
  }

  /** Forget a connection that was closed. */
  remove(origin: string, connection: HttpConnection): void {
    this.#open.delete(connection);
    this.#takeOut(origin, (resting) => resting.connection === connection);
  }

  /** Take the connection that has rested the shortest: the likeliest to be alive. */
  take(origin: string): HttpConnection | undefined {
    return this.#takeOut(origin, () => true)?.connection;
  }

  /** Let a connection rest for a while. */
  put(origin: string, connection: HttpConnection, restMs: number): void {
    const { maxIdlePerOrigin, idleMs } = this.#options;
    if (!this.#open.has(connection)) return;
    const timer = setTimeout(() => connection.close(), Math.min(idleMs, restMs));
    Deno.unrefTimer(Number(timer));
    const resting = this.#resting.get(origin) ?? [];
    this.#resting.set(origin, [...resting, { connection, timer }]);
    connection.rest();
    if (resting.length >= maxIdlePerOrigin) (resting[0]?.connection ?? connection).close();
  }

  /** Close all. */
  [Symbol.dispose](): void {
    for (const connection of [...this.#open]) connection.close();
  }

  /** Take out the last one that fits. */
  #takeOut(origin: string, fits: (resting: Resting) => boolean): Resting | undefined {
    const all = this.#resting.get(origin) ?? [];
    const index = all.findLastIndex(fits);
    const found = all[index];
    if (found === undefined) return undefined;
    clearTimeout(found.timer);
    if (all.length === 1) this.#resting.delete(origin);
    else this.#resting.set(origin, all.toSpliced(index, 1));
    return found;
  }
}
