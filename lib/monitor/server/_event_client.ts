import type { ServerResponse } from "node:http";

/** How one reader of the events is treated. */
export interface EventClientOptions {
  /** How long a frame may wait for the reader before it is let go. */
  readonly maxBehindMs: number;
  /** Told when the reader has left, or was let go. */
  readonly onGone: () => void;
}

/**
 * One reader of the events. Of what it has not taken only the newest frame is kept, since each holds everything: a slow
 * reader misses moments, and costs no memory.
 */
export class EventClient {
  readonly #response: ServerResponse;
  readonly #maxBehindMs: number;
  #waiting: string | null = null;
  #fullSince = 0;

  /** Make one; its head is written already. */
  constructor(response: ServerResponse, options: EventClientOptions) {
    this.#response = response;
    this.#maxBehindMs = options.maxBehindMs;
    response.on("drain", () => this.#go());
    response.once("close", options.onGone);
  }

  /** Send a frame, or let the reader go if it has taken nothing for too long. */
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

  /** Say that the line is alive. Where something waits, that will say so. */
  beat(frame: string, now: number): void {
    this.send(this.#waiting ?? frame, now);
  }

  /** End the stream. */
  close(): void {
    this.#response.end();
  }

  #go(): void {
    if (this.#waiting === null) return;
    this.#response.write(this.#waiting);
    this.#waiting = null;
  }
}
