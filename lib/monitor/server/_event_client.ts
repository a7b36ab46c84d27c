import type { ServerResponse } from "node:http";

/** Options of {@linkcode EventClient}. */
export interface EventClientOptions {
  /** How long the client may go without reading before it is disconnected, in milliseconds. */
  readonly maxBehindMs: number;
  /** Called when the client has left or was disconnected. */
  readonly onGone: () => void;
}

/**
 * One client of the event stream. Of the frames that it has not read, only the newest is kept, because each contains
 * the whole state. A slow client therefore misses states, but uses no additional memory.
 */
export class EventClient {
  readonly #response: ServerResponse;
  readonly #maxBehindMs: number;
  #waiting: string | null = null;
  #fullSince = 0;

  /** Take over a response whose head is already written. */
  constructor(response: ServerResponse, options: EventClientOptions) {
    this.#response = response;
    this.#maxBehindMs = options.maxBehindMs;
    response.on("drain", () => this.#go());
    response.once("close", options.onGone);
  }

  /** Send a frame, or disconnect the client if it has read nothing for too long. */
  send(frame: string, now: number): void {
    const response = this.#response;
    if (!response.writableNeedDrain) {
      response.write(frame);
      this.#fullSince = now;
      return;
    }
    this.#waiting = frame;
    if (now - this.#fullSince > this.#maxBehindMs) response.destroy();
  }

  /** Send a keep-alive frame, or the waiting frame if there is one. */
  beat(frame: string, now: number): void {
    this.send(this.#waiting ?? frame, now);
  }

  /** End the stream. */
  close(): void {
    this.#waiting = null;
    this.#response.end();
  }

  #go(): void {
    if (this.#waiting === null) return;
    this.#response.write(this.#waiting);
    this.#waiting = null;
  }
}
