import type { AlertChange, AlertStage } from "./alert_change.ts";
import type { TrackedAlert } from "./alert_state.ts";

/** The alerts during one evaluation, and the changes made to them. */
export class AlertTable {
  readonly #alerts: Map<string, TrackedAlert>;
  readonly changes: AlertChange[] = [];

  constructor(alerts: Readonly<Record<string, TrackedAlert>>) {
    this.#alerts = new Map(Object.entries(alerts));
  }

  get(fingerprint: string): TrackedAlert | undefined {
    return this.#alerts.get(fingerprint);
  }

  /** A copy of all alerts; a later `put` does not change it. */
  all(): readonly TrackedAlert[] {
    return [...this.#alerts.values()];
  }

  /** Add or replace an alert and record the change of its state; `undefined` removes it. */
  put(fingerprint: string, next: TrackedAlert | undefined): void {
    const previous = this.#alerts.get(fingerprint);
    if (next === undefined) this.#alerts.delete(fingerprint);
    else this.#alerts.set(fingerprint, next);
    const from: AlertStage = previous?.state ?? "inactive";
    const to: AlertStage = next?.state ?? "inactive";
    if (from !== to) this.changes.push({ from, to, alert: (next ?? previous)! });
  }

  /** Remove an alert without recording a change, for alerts that resolved long ago. */
  forget(fingerprint: string): void {
    this.#alerts.delete(fingerprint);
  }

  toRecord(): Readonly<Record<string, TrackedAlert>> {
    return Object.fromEntries(this.#alerts);
  }
}
