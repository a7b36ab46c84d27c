import { createHash } from "node:crypto";
import type { Clock } from "../../base/mod.ts";
import type { Notification } from "../delivery/notification.ts";

interface Taken {
  readonly at: number;
  readonly targets: Set<string>;
}

const MAX_ENTRIES = 100;
const FORGET_MS = 3_600_000;

/**
 * Remembers which of a receiver's several targets took a notification that others refused, so that a repeated try
 * goes to those only that lack it. Bounded in number and in time.
 */
export class PartialDelivery {
  readonly #taken = new Map<string, Taken>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The targets that lack the notification. */
  remaining(notification: Notification, targets: readonly string[]): readonly string[] {
    const now = this.#clock.monotonic();
    for (const [key, { at }] of this.#taken) if (now - at > FORGET_MS) this.#taken.delete(key);
    const taken = this.#taken.get(keyOf(notification));
    return taken === undefined ? targets : targets.filter((target) => !taken.targets.has(target));
  }

  /** A target took it, and others may still lack it. */
  note(notification: Notification, target: string): void {
    const key = keyOf(notification);
    const taken = this.#taken.get(key) ?? { at: this.#clock.monotonic(), targets: new Set<string>() };
    taken.targets.add(target);
    this.#taken.set(key, taken);
    const [oldest] = this.#taken.keys();
    if (this.#taken.size > MAX_ENTRIES) this.#taken.delete(oldest!);
  }

  /** All have it. */
  finish(notification: Notification): void {
    this.#taken.delete(keyOf(notification));
  }
}

/** The same alerts in the same state are the same notification, also in a later evaluation. */
function keyOf({ groupKey, status, alerts }: Notification): string {
  const facts = alerts.map((alert) => [alert.fingerprint, alert.status, alert.startsAt]);
  return createHash("sha256").update(JSON.stringify([groupKey, status, facts])).digest("hex");
}
