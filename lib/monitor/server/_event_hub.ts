import type { ServerResponse } from "node:http";
import type { Clock } from "../../base/mod.ts";
import { EventClient } from "./_event_client.ts";
import type { StatusDocument } from "../../status/mod.ts";

/** Options of {@linkcode EventHub}. */
export interface EventHubOptions {
  readonly maxClients: number;
  readonly beatMs: number;
  readonly retryMs: number;
  readonly clock: Clock;
}

/** A client that reads nothing for this many beats is disconnected. */
const BEATS_BEHIND = 2;

/**
 * Sends the state to all clients of the event stream. Each event contains the whole state, so a broken connection loses
 * nothing and `Last-Event-ID` needs no handling: a client that reconnects receives the current state.
 */
export class EventHub {
  readonly #options: EventHubOptions;
  readonly #clients = new Set<EventClient>();
  /** Prefix of event ids, so that they differ from those of an earlier run of the monitor. */
  readonly #run: string;
  #count = 0;

  constructor(options: EventHubOptions) {
    this.#options = options;
    this.#run = options.clock.now().toString(36);
  }

  /** Whether one more client may connect. */
  get hasRoom(): boolean {
    return this.#clients.size < this.#options.maxClients;
  }

  /** Number of connected clients. */
  get size(): number {
    return this.#clients.size;
  }

  /** Add a client whose response head is already written, and send it the state. */
  open(response: ServerResponse, status: StatusDocument): void {
    const { beatMs, retryMs, clock } = this.#options;
    const client = new EventClient(response, {
      maxBehindMs: beatMs * BEATS_BEHIND,
      onGone: () => this.#clients.delete(client),
    });
    this.#clients.add(client);
    const hello = `retry: ${retryMs}\nevent: hello\ndata: ${JSON.stringify({ beatMs })}\n\n`;
    client.send(`${hello}${this.#frame(status)}`, clock.monotonic());
  }

  /** Send the state to all clients. */
  publish(status: StatusDocument): void {
    this.#count++;
    if (this.#clients.size === 0) return;
    const frame = this.#frame(status);
    const now = this.#options.clock.monotonic();
    for (const client of this.#clients) client.send(frame, now);
  }

  /** Send a keep-alive to all clients: a comment for proxies, and an event for the page, which cannot see comments. */
  beat(): void {
    const now = this.#options.clock.monotonic();
    for (const client of this.#clients) client.beat(": beat\nevent: beat\ndata:\n\n", now);
  }

  /** End all streams. A beat that is due at this moment then reaches nobody. */
  close(): void {
    for (const client of this.#clients) client.close();
    this.#clients.clear();
  }

  #frame(status: StatusDocument): string {
    return `id: ${this.#run}-${this.#count}\nevent: status\ndata: ${JSON.stringify(status)}\n\n`;
  }
}
