import type { ServerResponse } from "node:http";
import type { Clock } from "../../base/mod.ts";
import { EventClient } from "./_event_client.ts";
import type { StatusDocument } from "../status/status_document.ts";

/** How events are sent. */
export interface EventHubOptions {
  readonly maxClients: number;
  readonly beatMs: number;
  readonly retryMs: number;
  readonly clock: Clock;
}

/** A reader that takes nothing for so many beats is let go. */
const BEATS_BEHIND = 2;

/**
 * Sends the state to all who follow it. Each event holds the whole state, so nothing is lost with a connection and
 * `Last-Event-ID` needs no answer of its own: whoever comes back gets what is true now.
 */
export class EventHub {
  readonly #options: EventHubOptions;
  readonly #clients = new Set<EventClient>();
  /** Ids of an earlier run of the monitor must not look like ours. */
  readonly #run: string;
  #count = 0;

  constructor(options: EventHubOptions) {
    this.#options = options;
    this.#run = options.clock.now().toString(36);
  }

  /** Whether there is room for one more. */
  get hasRoom(): boolean {
    return this.#clients.size < this.#options.maxClients;
  }

  /** How many follow. */
  get size(): number {
    return this.#clients.size;
  }

  /** Take in one more, whose head is written already. */
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

  /** Send the state to all. */
  publish(status: StatusDocument): void {
    this.#count++;
    if (this.#clients.size === 0) return;
    const frame = this.#frame(status);
    const now = this.#options.clock.monotonic();
    for (const client of this.#clients) client.send(frame, now);
  }

  /** A comment for what stands between, an event for the page, which cannot see comments. */
  beat(): void {
    const now = this.#options.clock.monotonic();
    for (const client of this.#clients) client.beat(": beat\nevent: beat\ndata:\n\n", now);
  }

  /** End all streams. */
  close(): void {
    for (const client of this.#clients) client.close();
  }

  #frame(status: StatusDocument): string {
    return `id: ${this.#run}-${this.#count}\nevent: status\ndata: ${JSON.stringify(status)}\n\n`;
  }
}
