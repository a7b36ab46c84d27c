import { FailureError } from "../../failsafe/mod.ts";
import type { BodyReader } from "./_body_reader.ts";
import type { ResponseHead } from "./parse_response_head.ts";
import { socketFailure } from "./_socket_failure.ts";
import type { TransportResponse } from "./transport.ts";

/** A rest that is not longer than this is read rather than to make a new connection. */
const DRAIN_BYTES = 65_536;
/** And it must come at once. */
const DRAIN_MS = 250;

/** What an answer needs of its connection. */
export interface SocketAnswerOptions {
  readonly connection: { readonly host: string; close(): void };
  /** Ends reads. */
  readonly signal: AbortSignal;
  /** Told once, when the connection is no longer needed: whether its next byte is the next answer's. */
  readonly onEnd: (isClean: boolean) => void;
}

/** An answer on a connection, which it gives back as soon as its last byte was read. */
export class SocketAnswer implements TransportResponse {
  /** See {@linkcode TransportResponse.status}. */
  readonly status: number;
  /** See {@linkcode TransportResponse.headers}. */
  readonly headers: Headers;
  readonly #body: BodyReader;
  readonly #options: SocketAnswerOptions;
  #hasEnded = false;
  #isReading = false;
  #isDisposed = false;

  /**
   * Make one.
   *
   * @param head Its head
   * @param body Reads its body
   * @param options Its connection
   */
  constructor(head: ResponseHead, body: BodyReader, options: SocketAnswerOptions) {
    this.status = head.status;
    this.headers = head.headers;
    this.#body = body;
    this.#options = options;
    if (body.isDone) this.#end();
  }

  /** See {@linkcode TransportResponse.read}; what lies in `target` behind the bytes read is lost. */
  async read(target: Uint8Array): Promise<number | null> {
    const { signal, connection } = this.#options;
    if (this.#body.isDone) return null;
    if (this.#isDisposed) throw new TypeError("Cannot read a body: its answer was disposed");
    if (this.#isReading) throw new TypeError("Cannot read a body: another read waits");
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

  /** Free the connection: a short rest of the body is read, a long one ends the connection. */
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
      // The body is of no interest any more, and the connection is closed.
    } finally {
      clearTimeout(timer);
    }
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#options.onEnd(this.#body.isDone && !this.#body.hasLeftover && !this.#options.signal.aborted);
  }

  /** The body's own errors know no host. */
  #failureOf(error: unknown, host: string): unknown {
    if (error instanceof FailureError) {
      return new FailureError(error.failure, `Cannot fetch from "${host}": ${error.message}`, { cause: error });
    }
    return socketFailure(error, "exchange", host);
  }
}
