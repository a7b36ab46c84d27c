import type { HttpConnection } from "./_http_connection.ts";

/** Options of {@linkcode ConnectionPool}. */
export interface ConnectionPoolOptions {
  /** Maximum number of idle connections per origin; the one that has been idle longest is closed first. */
  readonly maxIdlePerOrigin: number;
  /** How long a connection may stay idle. */
  readonly idleMs: number;
}

interface IdleConnection {
  readonly connection: HttpConnection;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** All open connections of a transport, including the idle ones. */
export class ConnectionPool implements Disposable {
  readonly #options: ConnectionPoolOptions;
  readonly #open = new Set<HttpConnection>();
  readonly #idle = new Map<string, IdleConnection[]>();

  /**
   * Start without connections.
   *
   * @param options Limits for idle connections
   */
  constructor(options: ConnectionPoolOptions) {
    this.#options = options;
  }

  /** Number of open connections, active or idle. */
  get size(): number {
    return this.#open.size;
  }

  /** Whether an idle connection to an origin exists, which the next request would take. */
  hasResting(origin: string): boolean {
    return this.#idle.has(origin);
  }

  /** Register a connection that was opened. */
  add(connection: HttpConnection): void {
    this.#open.add(connection);
  }

  /** Remove a connection that was closed. */
  remove(origin: string, connection: HttpConnection): void {
    this.#open.delete(connection);
    this.#takeOut(origin, (idle) => idle.connection === connection);
  }

  /** Take the connection that has been idle for the shortest time, because it is the most likely to be alive. */
  take(origin: string): HttpConnection | undefined {
    return this.#takeOut(origin, () => true)?.connection;
  }

  /**
   * Keep a connection idle for `restMs` or `idleMs`, whichever is shorter, then close it. Does nothing if it is already
   * closed.
   */
  put(origin: string, connection: HttpConnection, restMs: number): void {
    const { maxIdlePerOrigin, idleMs } = this.#options;
    if (!this.#open.has(connection)) return;
    const timer = setTimeout(() => connection.close(), Math.min(idleMs, restMs));
    Deno.unrefTimer(Number(timer));
    const idle = this.#idle.get(origin) ?? [];
    this.#idle.set(origin, [...idle, { connection, timer }]);
    connection.rest();
    if (idle.length >= maxIdlePerOrigin) (idle[0]?.connection ?? connection).close();
  }

  /** Close all connections. */
  [Symbol.dispose](): void {
    for (const connection of [...this.#open]) connection.close();
  }

  /** Remove and return the last idle connection that fits. */
  #takeOut(origin: string, matches: (idle: IdleConnection) => boolean): IdleConnection | undefined {
    const all = this.#idle.get(origin) ?? [];
    const index = all.findLastIndex(matches);
    const found = all[index];
    if (found === undefined) return undefined;
    clearTimeout(found.timer);
    if (all.length === 1) this.#idle.delete(origin);
    else this.#idle.set(origin, all.toSpliced(index, 1));
    return found;
  }
}
