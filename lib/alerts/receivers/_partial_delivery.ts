import { createHash } from "node:crypto";
import type { Clock } from "../../base/mod.ts";
import type { Notification } from "../delivery/notification.ts";

interface Accepted {
  readonly at: number;
  readonly targets: Set<string>;
}

const MAX_ENTRIES = 100;
const FORGET_MS = 3_600_000;

/**
 * Remembers which targets of a receiver accepted a notification that others refused, so that a retry goes only to those
 * that have not received it. It remembers at most 100 notifications, for one hour each.
 */
export class PartialDelivery {
  readonly #accepted = new Map<string, Accepted>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** List the targets that have not accepted the notification yet. */
  remaining(notification: Notification, targets: readonly string[]): readonly string[] {
    const now = this.#clock.monotonic();
    for (const [key, { at }] of this.#accepted) if (now - at > FORGET_MS) this.#accepted.delete(key);
    const accepted = this.#accepted.get(keyOf(notification));
    return accepted === undefined ? targets : targets.filter((target) => !accepted.targets.has(target));
  }

  /** Record that a target accepted the notification while others may not have received it yet. */
  recordAccepted(notification: Notification, target: string): void {
    const key = keyOf(notification);
    const accepted = this.#accepted.get(key) ?? { at: this.#clock.monotonic(), targets: new Set<string>() };
    accepted.targets.add(target);
    this.#accepted.set(key, accepted);
    const [oldest] = this.#accepted.keys();
    if (this.#accepted.size > MAX_ENTRIES) this.#accepted.delete(oldest!);
  }

  /** Forget the notification, which all targets have accepted. */
  forget(notification: Notification): void {
    this.#accepted.delete(keyOf(notification));
  }
}

/** Notifications of the same alerts in the same state have the same key, even from different evaluations. */
function keyOf({ groupKey, status, alerts }: Notification): string {
  const facts = alerts.map((alert) => [alert.fingerprint, alert.status, alert.startsAt]);
  return createHash("sha256").update(JSON.stringify([groupKey, status, facts])).digest("hex");
}
