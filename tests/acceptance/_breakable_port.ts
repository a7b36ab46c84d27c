/** A port in front of another one that can be interrupted: connections then break, and new ones are refused. */
export class BreakablePort implements AsyncDisposable {
  readonly #port: number;
  readonly #open = new Set<Deno.Conn>();
  #listener: Deno.Listener | null;
  #target = 0;
  #serving: Promise<void>;

  /** Listen on a free port of this machine; connections made before `leadTo` are closed. */
  constructor() {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#port = listener.addr.port;
    this.#listener = listener;
    this.#serving = this.#serve(listener);
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Set the port of this machine that it forwards to. */
  leadTo(port: number): void {
    this.#target = port;
  }

  /** Break all connections; new ones are accepted. */
  cut(): void {
    for (const conn of this.#open) close(conn);
  }

  /** Break all connections and refuse new ones. */
  async takeAway(): Promise<void> {
    this.#listener?.close();
    this.#listener = null;
    this.cut();
    await this.#serving;
  }

  /** Accept connections again, on the same port. */
  giveBack(): void {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: this.#port });
    this.#serving = this.#serve(this.#listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.takeAway();
  }

  async #serve(listener: Deno.Listener): Promise<void> {
    const running = new Set<Promise<void>>();
    for await (const client of listener) {
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
      await Promise.all([client.readable.pipeTo(server.writable), server.readable.pipeTo(client.writable)]);
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
}

function close(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
