import type { MonitorHeartbeat } from "../monitor_parts.ts";

type Ping = (heartbeat: MonitorHeartbeat) => Promise<unknown>;

/**
 * Pings one at a time and behind the caller's back: a service that hangs must not hold up the ticks. While one is under
 * way, only the latest of those that wait is kept, for it says how things are.
 */
export class HeartbeatLine {
  readonly #heartbeat: MonitorHeartbeat | undefined;
  #waiting: Ping | undefined;
  #sending: Promise<void> | undefined;

  constructor(heartbeat: MonitorHeartbeat | undefined) {
    this.#heartbeat = heartbeat;
  }

  send(ping: Ping): void {
    if (this.#heartbeat === undefined) return;
    this.#waiting = ping;
    this.#sending ??= this.#work(this.#heartbeat);
  }

  /** The last ping, after the one that is under way. */
  async end(ping: Ping): Promise<void> {
    this.send(ping);
    await this.#sending;
  }

  async #work(heartbeat: MonitorHeartbeat): Promise<void> {
    while (this.#waiting !== undefined) {
      const ping = this.#waiting;
      this.#waiting = undefined;
      await ping(heartbeat);
    }
    this.#sending = undefined;
  }
}
