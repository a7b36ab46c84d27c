import type { ServerResponse } from "node:http";
import type { Clock } from "../../base/mod.ts";
import type { ToText } from "./clean_value.ts";
import { EventClient } from "./_event_client.ts";

/** Returns the whole state of which an event tells. */
export type EventState = () => unknown;

/** Options of {@linkcode EventHub}. */
export interface EventHubOptions {
  /** The state of each event, by the name of the event; a client gets all of them at first. */
  readonly states: Readonly<Record<string, EventState>>;
  readonly maxClients: number;
  /** Interval of keep-alive events, in milliseconds. */
  readonly beatMs: number;
  /** How long a browser waits before it reconnects, in milliseconds. */
  readonly retryMs: number;
  readonly toText: ToText;
  readonly clock: Clock;
}

/** A client that reads nothing for this many beats is disconnected. */
const BEATS_BEHIND = 2;

/**
 * Sends events to all clients of the event stream. Each event contains a whole state, so a broken connection loses
 * nothing and `Last-Event-ID` needs no handling: a client that reconnects receives the current states.
 */
export class EventHub {
  readonly #options: EventHubOptions;
  readonly #clients = new Set<EventClient>();
  /** Names of the events whose state is being read, and whether it has changed since. */
  readonly #reading = new Map<string, { isStale: boolean; readonly done: Promise<void> }>();
  /** Prefix of event ids, so that they differ from those of an earlier run of the server. */
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

  /**
   * Add a client, for which events are kept until its response has a head.
   *
   * @param signal Aborts when the client is gone
   * @returns A function that takes over the response, and sends the states
   * @throws What a state throws; the client is then not added
   */
  async join(signal: AbortSignal): Promise<(response: ServerResponse) => void> {
    const { beatMs, retryMs, clock, states, toText } = this.#options;
    const leave = () => this.#clients.delete(client);
    const client = new EventClient({ maxBehindMs: beatMs * BEATS_BEHIND, onGone: leave });
    this.#clients.add(client);
    signal.addEventListener("abort", leave, { once: true });
    try {
      for (const [name, state] of Object.entries(states)) {
        const value = await state();
        const frame = this.#frame(name, value);
        // What was published meanwhile is newer.
        if (!client.hasWaiting(name)) client.send(name, { frame, now: clock.monotonic() });
      }
    } catch (error) {
      leave();
      throw error;
    }
    const hello = `retry: ${retryMs}\nevent: hello\ndata: ${toText({ beatMs })}\n\n`;
    return (response) => client.attach(response, { hello, now: clock.monotonic() });
  }

  /**
   * Send an event to all clients.
   *
   * @param value What it tells, as a whole
   * @param key Of the unread events with the same key, a slow client gets the newest only; by default, the name
   */
  send(name: string, value: unknown, { key = name }: { readonly key?: string | undefined } = {}): void {
    this.#count++;
    if (this.#clients.size === 0) return;
    const frame = this.#frame(name, value);
    const now = this.#options.clock.monotonic();
    for (const client of this.#clients) client.send(key, { frame, now });
  }

  /**
   * Read the state of an event, and send it to all clients. Calls while a state is being read are answered together, by
   * one that is read afterwards.
   *
   * @throws What the state throws
   */
  async publish(name: string): Promise<void> {
    if (this.#clients.size === 0) return;
    const reading = this.#reading.get(name);
    if (reading !== undefined) {
      reading.isStale = true;
      return await reading.done;
    }
    const started = { isStale: false, done: Promise.resolve() };
    started.done = this.#readAndSend(name, started).finally(() => this.#reading.delete(name));
    this.#reading.set(name, started);
    await started.done;
  }

  async #readAndSend(name: string, reading: { isStale: boolean }): Promise<void> {
    do {
      reading.isStale = false;
      this.send(name, await this.#options.states[name]!());
    } while (reading.isStale);
  }

  /** Send a keep-alive to all clients: a comment for proxies, and an event for the page, which cannot see comments. */
  beat(): void {
    const now = this.#options.clock.monotonic();
    for (const client of this.#clients) client.beat(": beat\nevent: beat\ndata:\n\n", now);
  }

  /** Send keep-alives until the signal aborts. */
  async keepAlive(signal: AbortSignal): Promise<void> {
    const { clock, beatMs } = this.#options;
    try {
      while (true) {
        await clock.sleep(beatMs, { signal });
        this.beat();
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** End all streams. A beat that is due at this moment then reaches nobody. */
  close(): void {
    for (const client of this.#clients) client.close();
    this.#clients.clear();
  }

  #frame(name: string, value: unknown): string {
    return `id: ${this.#run}-${this.#count}\nevent: ${name}\ndata: ${this.#options.toText(value)}\n\n`;
  }
}
