/**
 * A port in front of a storage that can fall silent: it then accepts connections and says nothing. Connections that were
 * open or accepted meanwhile stay dead after the repair, as behind a router that has lost its state.
 */
export class SilentPort implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #open = new Set<Deno.Conn>();
  readonly #serving: Promise<void>;
  #target = 0;
  #round = 0;
  #isSilent = false;
  #bytes = 0;
  /** When each connection last sent something to the client, by the monotonic clock. */
  readonly #sentAt = new Map<Deno.Conn, number>();

  /** Listen on a free port of this machine; connections made before `leadTo` are closed. */
  constructor() {
    this.#serving = this.#serve();
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#listener.addr.port}`;
  }

  /** Bytes sent to clients so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Number of connections that sent something within the last `ms` milliseconds. */
  countBusy(ms: number): number {
    const since = performance.now() - ms;
    return this.#sentAt.values().filter((at) => at >= since).toArray().length;
  }

  /** Set the port of this machine that it forwards to. */
  leadTo(port: number): void {
    this.#target = port;
  }

  /** Say nothing more on any connection; new ones are accepted. */
  fallSilent(): void {
    this.#isSilent = true;
    this.#round++;
  }

  /** Serve new connections again. */
  repair(): void {
    this.#isSilent = false;
    this.#round++;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const conn of this.#open) close(conn);
    await this.#serving;
  }

  async #serve(): Promise<void> {
    const running = new Set<Promise<void>>();
    for await (const client of this.#listener) {
      const one = this.#relay(client).catch(() => {}).finally(() => running.delete(one));
      running.add(one);
    }
    await Promise.all(running);
  }

  async #relay(client: Deno.Conn): Promise<void> {
    this.#open.add(client);
    const round = this.#round;
    const isDead = (): boolean => this.#isSilent || round !== this.#round;
    try {
      if (isDead()) return void await drain(client);
      using server = await Deno.connect({ hostname: "127.0.0.1", port: this.#target });
      this.#open.add(server);
      await Promise.race([pump(client, server, { isDead }), pump(server, client, { isDead, onBytes: this.#count })]);
      this.#open.delete(server);
      if (isDead()) await drain(client);
    } finally {
      this.#open.delete(client);
      this.#sentAt.delete(client);
      close(client);
    }
  }

  #count = (count: number, client: Deno.Conn): void => {
    this.#bytes += count;
    this.#sentAt.set(client, performance.now());
  };
}

interface PumpOptions {
  readonly isDead: () => boolean;
  readonly onBytes?: (count: number, to: Deno.Conn) => void;
}

/** Forward bytes until one end closes or the port falls silent. */
async function pump(from: Deno.Conn, to: Deno.Conn, { isDead, onBytes }: PumpOptions): Promise<void> {
  const buffer = new Uint8Array(16_384);
  for (let count = await from.read(buffer); count !== null; count = await from.read(buffer)) {
    if (isDead()) return;
    for (let sent = 0; sent < count;) sent += await to.write(buffer.subarray(sent, count));
    onBytes?.(count, to);
  }
}

/** Read what a client sends until it gives up. */
async function drain(client: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(16_384);
  while (await client.read(buffer) !== null);
}

function close(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
