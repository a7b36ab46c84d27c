import { createServer, type Server, type Socket } from "node:net";
import { type Clock, listen } from "../../base/mod.ts";
import { type HttpRequest, type HttpResponse, jsonResponse } from "./http_message.ts";
import { MalformedRequest, RequestReader } from "./_request_reader.ts";
import { writeResponse } from "./_write_response.ts";

/** The sandbox serves this machine only. */
const HOST = "127.0.0.1";

/** Options of {@linkcode HttpServer}. */
export interface HttpServerOptions {
  /** 0 selects a free port. */
  readonly port: number;
  readonly clock: Clock;
  /** Respond to a request. */
  readonly handle: (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;
  /** Called with an error of `handle`. The client then receives 500. */
  readonly onCrash: (error: unknown) => void;
  /** Called for each new connection with the number of open connections. */
  readonly onConnection: (openCount: number) => void;
}

/**
 * An HTTP/1.1 server on bare sockets, because a regular server cannot imitate bad networks: it cannot break a
 * connection in the middle of a body, or send fewer bytes than it announced.
 */
export class HttpServer implements AsyncDisposable {
  readonly #options: HttpServerOptions;
  readonly #server: Server;
  readonly #sockets = new Map<Socket, Promise<void>>();
  #origin = "";

  private constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#server = createServer((socket) => {
      // Deno ignores the server's own `noDelay` option, and a delayed head costs 40 ms per response.
      socket.setNoDelay(true);
      this.#sockets.set(socket, this.#serve(socket).finally(() => this.#sockets.delete(socket)));
      options.onConnection(this.#sockets.size);
    });
  }

  /**
   * Start a server.
   *
   * @throws {KitError} `usage` if it cannot listen on the port
   */
  static async start(options: HttpServerOptions): Promise<HttpServer> {
    const server = new HttpServer(options);
    const port = await listen(server.#server, { hostname: HOST, port: options.port, likelyHolder: "Another sandbox" });
    server.#origin = `http://${HOST}:${port}`;
    return server;
  }

  /** Origin of the server, such as `http://127.0.0.1:8080`; it stays the same after `close`. */
  get origin(): string {
    return this.#origin;
  }

  /** Number of connections that are open. */
  get openConnections(): number {
    return this.#sockets.size;
  }

  /** Stop listening, break all connections, and wait until they are closed. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets.keys()) socket.destroy();
    await Promise.all([closed, ...this.#sockets.values()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #serve(socket: Socket): Promise<void> {
    const disconnected = new AbortController();
    const closed = new Promise<void>((resolve) =>
      socket.once("close", () => {
        disconnected.abort();
        resolve();
      })
    );
    // A broken connection is handled where it is read or written.
    socket.on("error", () => {});
    try {
      const reader = new RequestReader(socket);
      while (await this.#exchange(socket, reader, disconnected.signal));
    } catch (error) {
      if (error instanceof MalformedRequest && !socket.destroyed) socket.write("HTTP/1.1 400 Bad Request\r\n\r\n");
      // Any other error ends the connection, which the client notices.
    }
    if (!socket.destroyed) socket.end(() => socket.destroy());
    await closed;
  }

  /** Read a request and respond to it. Return whether another one may follow. */
  async #exchange(socket: Socket, reader: RequestReader, signal: AbortSignal): Promise<boolean> {
    const request = await reader.next();
    if (request === null) return false;
    const response = await this.#respond(request);
    const { clock } = this.#options;
    const isKept = request.headers.get("connection")?.toLowerCase() !== "close";
    try {
      return await writeResponse(socket, response, { clock, signal, isKept, isHead: request.method === "HEAD" });
    } finally {
      response.onEnd?.();
    }
  }

  async #respond(request: HttpRequest): Promise<HttpResponse> {
    try {
      return await this.#options.handle(request);
    } catch (error) {
      this.#options.onCrash(error);
      return jsonResponse(500, { message: "An unexpected error occurred", error: {} });
    }
  }
}
