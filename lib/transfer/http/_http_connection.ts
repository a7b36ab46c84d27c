import { FailureError } from "../../failsafe/mod.ts";
import { bodyFraming } from "./body_framing.ts";
import { closeSocket } from "./_close_socket.ts";
import { createBodyReader } from "./_body_reader.ts";
import { ByteSource } from "./_byte_source.ts";
import { keepAliveMs } from "./_keep_alive.ts";
import { parseResponseHead, type ResponseHead } from "./parse_response_head.ts";
import type { Socket } from "./socket_seams.ts";
import { SocketResponse } from "./_socket_response.ts";
import { socketFailure } from "./_socket_failure.ts";

/** Maximum number of interim (1xx) responses. A server that sends more is assumed never to send the final one. */
const MAX_INTERIM_HEADS = 8;

/** Options of {@linkcode HttpConnection}. */
export interface HttpConnectionOptions {
  /** The host, used in error messages. */
  readonly host: string;
  /** Called when the connection may be reused, with the milliseconds that it may stay idle. */
  readonly onFree: (restMs: number) => void;
  /** Called once when the connection is closed, whether by the owner, a failure or the server. */
  readonly onClosed: () => void;
}

/** One HTTP/1.1 connection: one request after another. */
export class HttpConnection {
  readonly #socket: Socket;
  readonly #options: HttpConnectionOptions;
  readonly #source: ByteSource;
  readonly #openedAt = performance.now();
  #isClosed = false;
  #isIdle = false;
  /** Bytes that all responses before the last request had filled into the buffer. */
  #filledAtRequest = 0;

  /**
   * Take over an open socket.
   *
   * @param socket The open socket
   * @param options Host and callbacks
   */
  constructor(socket: Socket, options: HttpConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#source = new ByteSource(socket);
  }

  /** Whether any byte of a response to the last request has arrived. */
  get hasAnswered(): boolean {
    return this.#source.filled > this.#filledAtRequest;
  }

  /** Time since the connection was opened, in milliseconds. */
  get ageMs(): number {
    return performance.now() - this.#openedAt;
  }

  /** The host, used in error messages. */
  get host(): string {
    return this.#options.host;
  }

  /**
   * Stay idle until the next request. If the server closes the connection or sends bytes in the meantime, the
   * connection is closed.
   */
  rest(): void {
    this.#isIdle = true;
    this.#socket.unref();
    const stop = (): void => {
      if (this.#isIdle) this.close();
    };
    this.#source.readAhead().then(stop, stop);
  }

  /**
   * Send a request and read the head of its response. Disposing the response, or reading it to its end, frees the
   * connection or closes it.
   *
   * @param request The complete head of the request
   * @param signal Ends the exchange by closing the connection
   * @returns The response
   * @throws {FailureError} If no response arrives, or the response is not valid HTTP
   */
  async exchange(request: Uint8Array, signal: AbortSignal): Promise<SocketResponse> {
    this.#wake();
    const onAbort = (): void => this.close();
    signal.addEventListener("abort", onAbort);
    try {
      signal.throwIfAborted();
      for (let sent = 0; sent < request.length;) sent += await this.#socket.write(request.subarray(sent));
      const head = await this.#readHead();
      const framing = bodyFraming(head);
      // A length that was sent twice ("5, 5") becomes a single number for readers of the headers.
      if (framing.type === "length") head.headers.set("content-length", String(framing.bytes));
      const restMs = keepAliveMs(head, framing);
      const onEnd = (isClean: boolean): void => {
        signal.removeEventListener("abort", onAbort);
        if (isClean && restMs > 0 && !this.#isClosed) this.#options.onFree(restMs);
        else this.close();
      };
      return new SocketResponse(head, createBodyReader(framing, this.#source), { connection: this, signal, onEnd });
    } catch (error) {
      signal.removeEventListener("abort", onAbort);
      this.close();
      throw signal.aborted ? signal.reason : socketFailure(error, "exchange", this.host);
    }
  }

  /** Close the connection; a pending read fails. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSocket(this.#socket);
    this.#options.onClosed();
  }

  #wake(): void {
    if (this.#isIdle) this.#socket.ref();
    this.#isIdle = false;
    this.#filledAtRequest = this.#source.filled;
  }

  async #readHead(): Promise<ResponseHead> {
    for (let interim = 0; interim <= MAX_INTERIM_HEADS; interim++) {
      const bytes = await this.#takeHead();
      const head = parseResponseHead(bytes);
      if (head.status === 101) throw new SyntaxError("the server switched to a protocol that was not requested");
      if (head.status >= 200) return head;
    }
    throw new SyntaxError(`more than ${MAX_INTERIM_HEADS} interim responses`);
  }

  async #takeHead(): Promise<Uint8Array> {
    const head = await this.#source.takeHead();
    if (head !== null) return head;
    const state = this.hasAnswered ? "the connection ended within the head" : "the connection ended without a response";
    throw new FailureError("connection", `Cannot fetch from "${this.host}": ${state}`);
  }
}
