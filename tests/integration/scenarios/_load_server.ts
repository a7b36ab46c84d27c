/**
 * A server with a bound on what it does at once, as a process of its own: it prints its two ports as JSON, serves on
 * the first, and takes a {@linkcode LoadBehavior} (POST) or gives {@linkcode LoadFigures} (GET) on the second. It
 * answers each connection once, and closes it first, so that what it counts as open is exactly what is.
 *
 * @module
 */
import { seededRandom } from "../../../lib/base/mod.ts";

/** How the server reacts to load. */
export interface LoadBehavior {
  /**
   * Above the limit, `refuse` responds 503 at once, `slow` takes three times as long; `moody` randomly refuses with or
   * without Retry-After, breaks connections and delays.
   */
  readonly mode: "refuse" | "slow" | "moody";
  /** Limit of concurrent requests. */
  readonly bound: number;
  /** Duration of a response. */
  readonly latencyMs: number;
}

/** Counters since the behavior was set. */
export interface LoadFigures {
  readonly requests: number;
  readonly refused: number;
  readonly broken: number;
  /** Peak of open connections, without those whose client has closed them unnoticed. */
  readonly peakConnections: number;
}

/** A client's abort is noticed within this time. */
const NOTICE_MS = 25;

class LoadServer {
  readonly #random = seededRandom(1);
  readonly #open = new Set<Deno.Conn>();
  // Requests in progress, without refused ones.
  readonly #accepted = new Set<Deno.Conn>();
  #behavior: LoadBehavior = { mode: "refuse", bound: 4, latencyMs: 100 };
  #figures = { requests: 0, refused: 0, broken: 0, peakConnections: 0 };

  async serve(listener: Deno.Listener): Promise<void> {
    for await (const connection of listener) {
      this.#open.add(connection);
      this.#count();
      // Clients that disconnect are what this server is for.
      void this.#answer(connection).catch(() => {}).finally(() => this.#end(connection));
    }
  }

  async control(request: Request): Promise<Response> {
    if (request.method === "POST") {
      this.#behavior = await request.json();
      this.#figures = { requests: 0, refused: 0, broken: 0, peakConnections: 0 };
    }
    return Response.json(this.#figures);
  }

  #count(): void {
    const together = [...this.#open];
    const figures = this.#figures;
    if (together.length <= figures.peakConnections) return;
    setTimeout(() => {
      const stayed = together.filter((connection) => this.#open.has(connection)).length;
      // A request that was answered meanwhile was open as well, but only an immediate refusal is that early.
      figures.peakConnections = Math.max(figures.peakConnections, stayed);
    }, NOTICE_MS);
  }

  #end(connection: Deno.Conn): void {
    this.#accepted.delete(connection);
    this.#open.delete(connection);
    connection.close();
  }

  async #answer(connection: Deno.Conn): Promise<void> {
    const buffer = new Uint8Array(4096);
    if (await connection.read(buffer) === null) return;
    const gone = connection.read(buffer).then((count) => count === null, () => true);
    const figures = this.#figures;
    figures.requests++;
    const { status, ms, headers } = this.#plan(connection);
    const isGone = await Promise.race([gone.then((it) => it || gone), wait(ms)]);
    if (isGone === true) return;
    if (status === 0) {
      figures.broken++;
      return;
    }
    if (status === 503) figures.refused++;
    // The body ends with the connection: a client that has read it knows that the connection is closed.
    await connection.write(new TextEncoder().encode(`HTTP/1.1 ${status} X\r\nconnection: close\r\n${headers}\r\nbody`));
  }

  #plan(connection: Deno.Conn): { readonly status: number; readonly ms: number; readonly headers: string } {
    const { mode, bound, latencyMs } = this.#behavior;
    const isAbove = this.#accepted.size >= bound;
    if (mode === "refuse" && isAbove) return { status: 503, ms: 0, headers: "" };
    this.#accepted.add(connection);
    if (mode === "refuse") return { status: 200, ms: latencyMs, headers: "" };
    if (mode === "slow") return { status: 200, ms: isAbove ? 3 * latencyMs : latencyMs, headers: "" };
    const dice = this.#random();
    if (dice < 0.003) return { status: 503, ms: latencyMs / 2, headers: "retry-after: 1\r\n" };
    if (dice < 0.01) return { status: 503, ms: latencyMs / 2, headers: "" };
    if (dice < 0.06) return { status: 0, ms: latencyMs / 2, headers: "" };
    return { status: 200, ms: latencyMs * (dice < 0.15 ? 5 : 1), headers: "" };
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

if (import.meta.main) {
  const server = new LoadServer();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const control = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    return server.control(request);
  });
  const ports = { port: listener.addr.port, controlPort: control.addr.port };
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(ports)}\n`));
  await server.serve(listener);
}
