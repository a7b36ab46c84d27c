import type { MonitorHeartbeat } from "../monitor_work.ts";

type Ping = (heartbeat: MonitorHeartbeat) => Promise<unknown>;

/**
 * Sends pings one at a time in the background, so that a service that hangs does not delay the ticks. While a ping is
 * being sent, only the latest waiting one is kept, since it describes the current state.
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

  /** Send the last ping, after the one that is being sent, and wait for both. */
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
