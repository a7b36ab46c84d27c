import { FailureError } from "../../failsafe/mod.ts";
import type { BodyReader } from "./_body_reader.ts";
import type { ResponseHead } from "./parse_response_head.ts";
import { socketFailure } from "./_socket_failure.ts";
import type { TransportResponse } from "./transport.ts";

/** A remaining body up to this size is read, because that costs less than a new connection. */
const DRAIN_BYTES = 65_536;
/** Time limit for reading it. */
const DRAIN_MS = 250;

/** What a response needs from its connection. */
export interface SocketResponseOptions {
  readonly connection: { readonly host: string; close(): void };
  /** Aborts reads. */
  readonly signal: AbortSignal;
  /** Called once when the connection is no longer needed; `isClean` if its next byte belongs to the next response. */
  readonly onEnd: (isClean: boolean) => void;
}

/** A response on a connection. It returns the connection as soon as the last byte of its body has been read. */
export class SocketResponse implements TransportResponse {
  /** See {@linkcode TransportResponse.status}. */
  readonly status: number;
  /** See {@linkcode TransportResponse.headers}. */
  readonly headers: Headers;
  readonly #body: BodyReader;
  readonly #options: SocketResponseOptions;
  #hasEnded = false;
  #isReading = false;
  #isDisposed = false;

  /**
   * Start with the body unread; a response without a body returns its connection immediately.
   *
   * @param head The parsed head
   * @param body The reader of the body
   * @param options Connection, signal and callback
   */
  constructor(head: ResponseHead, body: BodyReader, options: SocketResponseOptions) {
    this.status = head.status;
    this.headers = head.headers;
    this.#body = body;
    this.#options = options;
    if (body.isDone) this.#end();
  }

  /** See {@linkcode TransportResponse.read}; the content of `target` after the bytes read is lost. */
  async read(target: Uint8Array): Promise<number | null> {
    const { signal, connection } = this.#options;
    if (this.#body.isDone) return null;
    if (this.#isDisposed) throw new TypeError("Cannot read the body: the response was disposed");
    if (this.#isReading) throw new TypeError("Cannot read the body: another read is pending");
    this.#isReading = true;
    try {
      signal.throwIfAborted();
      const count = await this.#body.read(target);
      if (this.#body.isDone) this.#end();
      return count;
    } catch (error) {
      this.#end();
      throw signal.aborted ? signal.reason : this.#failureOf(error, connection.host);
    } finally {
      this.#isReading = false;
    }
  }

  /**
   * Release the connection. If only a short rest of the body is left, it is read, so that the connection can be reused.
   * Otherwise the connection is closed.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isDisposed) return;
    if (!this.#hasEnded && !this.#isReading && !(this.#body.leftBytes > DRAIN_BYTES)) await this.#drain();
    this.#isDisposed = true;
    this.#end();
  }

  async #drain(): Promise<void> {
    const scratch = new Uint8Array(DRAIN_BYTES);
    const timer = setTimeout(() => this.#options.connection.close(), DRAIN_MS);
    try {
      for (let room = DRAIN_BYTES; room > 0;) {
        const count = await this.read(scratch.subarray(0, room));
        if (count === null) return;
        room -= count;
      }
    } catch {
      // The body is no longer needed, and the failed read has closed the connection.
    } finally {
      clearTimeout(timer);
    }
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#options.onEnd(this.#body.isDone && !this.#body.hasLeftover && !this.#options.signal.aborted);
  }

  /** Add the host, which the errors of the body reader do not contain. */
  #failureOf(error: unknown, host: string): unknown {
    if (error instanceof FailureError) {
      return new FailureError(error.failure, `Cannot fetch from "${host}": ${error.message}`, { cause: error });
    }
    return socketFailure(error, "exchange", host);
  }
}
