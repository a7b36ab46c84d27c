/** A port in front of another one whose connections have a speed that changes while they are open. */
export class SlowPort implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #open = new Set<Deno.Conn>();
  readonly #serving: Promise<void>;
  #target = 0;
  /** Bytes per second of each connection. */
  bytesPerSecond: number;

  constructor(bytesPerSecond: number) {
    this.bytesPerSecond = bytesPerSecond;
    this.#serving = this.#serve();
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#listener.addr.port}`;
  }

  /** Set the port of this machine that it forwards to. */
  leadTo(port: number): void {
    this.#target = port;
  }

  /** Break all connections; new ones are accepted. */
  cut(): void {
    for (const conn of this.#open) close(conn);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    close(this.#listener);
    this.cut();
    await this.#serving;
  }

  async #serve(): Promise<void> {
    const running = new Set<Promise<void>>();
    for await (const client of this.#listener) {
      const one = this.#relay(client).finally(() => running.delete(one));
      running.add(one);
    }
    await Promise.all(running);
  }

  async #relay(client: Deno.Conn): Promise<void> {
    this.#open.add(client);
    let server: Deno.Conn | null = null;
    try {
      server = await Deno.connect({ hostname: "127.0.0.1", port: this.#target });
      this.#open.add(server);
      await Promise.all([client.readable.pipeTo(server.writable), this.#send(server, client)]);
    } catch {
      // One end is gone; closing the other end below tells it.
    } finally {
      for (const conn of [client, server]) {
        if (conn === null) continue;
        this.#open.delete(conn);
        close(conn);
      }
    }
  }

  /** Forward a tenth of a second's bytes at a time. */
  async #send(from: Deno.Conn, to: Deno.Conn): Promise<void> {
    const buffer = new Uint8Array(256 * 1024);
    let dueAt = performance.now();
    for (;;) {
      const room = Math.max(1, Math.min(buffer.length, Math.round(this.bytesPerSecond / 10)));
      const count = await from.read(buffer.subarray(0, room));
      if (count === null) return void await to.closeWrite();
      for (let sent = 0; sent < count;) sent += await to.write(buffer.subarray(sent, count));
      // A pause of the sender is no credit for later.
      dueAt = Math.max(dueAt, performance.now() - 200) + 1000 * count / this.bytesPerSecond;
      const waitMs = dueAt - performance.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

function close(conn: Deno.Conn | Deno.Listener): void {
  try {
    conn.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
