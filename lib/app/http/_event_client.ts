import type { ServerResponse } from "node:http";

/** Options of {@linkcode EventClient}. */
export interface EventClientOptions {
  /** How long the client may go without reading before it is disconnected, in milliseconds. */
  readonly maxBehindMs: number;
  /** Called when the client has left or was disconnected. */
  readonly onGone: () => void;
}

/**
 * One client of the event stream. Of the frames with the same key that it has not read, only the newest is kept, because
 * each contains a whole state. A slow client therefore misses states, but uses no additional memory.
 */
export class EventClient {
  readonly #options: EventClientOptions;
  readonly #waiting = new Map<string, string>();
  /** Absent until the head of the response is written. */
  #response: ServerResponse | undefined;
  #fullSince = 0;

  constructor(options: EventClientOptions) {
    this.#options = options;
  }

  /** Take over a response whose head is already written, and send what waits. */
  attach(response: ServerResponse, { hello, now }: { readonly hello: string; readonly now: number }): void {
    this.#response = response;
    this.#fullSince = now;
    response.on("drain", () => this.#sendWaiting());
    response.once("close", this.#options.onGone);
    response.write(hello);
    this.#sendWaiting();
  }

  /** Whether a frame with this key waits. */
  hasWaiting(key: string): boolean {
    return this.#waiting.has(key);
  }

  /** Send a frame in place of one with the same key, or disconnect the client if it has read nothing for too long. */
  send(key: string, { frame, now }: { readonly frame: string; readonly now: number }): void {
    if (this.#isFull()) {
      this.#waiting.delete(key);
      this.#waiting.set(key, frame);
      this.#dropIfBehind(now);
      return;
    }
    this.#response?.write(frame);
    this.#fullSince = now;
  }

  /** Send a keep-alive frame, unless the client has not read what was sent before. */
  beat(frame: string, now: number): void {
    if (this.#isFull()) this.#dropIfBehind(now);
    else this.send("", { frame, now });
  }

  /** End the stream. */
  close(): void {
    this.#waiting.clear();
    this.#response?.end();
    this.#response = undefined;
  }

  #isFull(): boolean {
    return this.#response === undefined || this.#response.writableNeedDrain;
  }

  #dropIfBehind(now: number): void {
    if (now - this.#fullSince > this.#options.maxBehindMs) this.#response?.destroy();
  }

  #sendWaiting(): void {
    for (const [key, frame] of this.#waiting) {
      if (this.#isFull()) return;
      this.#waiting.delete(key);
      this.#response?.write(frame);
    }
  }
}
