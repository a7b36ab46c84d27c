import type { AlertChange, AlertStage } from "./alert_change.ts";
import type { TrackedAlert } from "./alert_state.ts";

/** The alerts of one evaluation: a bounded number, and what became of them. */
export class AlertTable {
  readonly #alerts: Map<string, TrackedAlert>;
  readonly #max: number;
  readonly changes: AlertChange[] = [];
  /** Alerts that found no room. */
  dropped = 0;

  constructor(alerts: Readonly<Record<string, TrackedAlert>>, max: number) {
    this.#alerts = new Map(Object.entries(alerts));
    this.#max = max;
  }

  get(fingerprint: string): TrackedAlert | undefined {
    return this.#alerts.get(fingerprint);
  }

  /** All of them now; what is put meanwhile does not show. */
  all(): readonly TrackedAlert[] {
    return [...this.#alerts.values()];
  }

  /** Put an alert in the place of the one before, and note the change; `undefined` forgets it. */
  put(fingerprint: string, next: TrackedAlert | undefined): void {
    const previous = this.#alerts.get(fingerprint);
    if (next === undefined) this.#alerts.delete(fingerprint);
    else if (previous === undefined && this.#alerts.size >= this.#max) {
      this.dropped++;
      return;
    } else this.#alerts.set(fingerprint, next);
    const from: AlertStage = previous?.state ?? "inactive";
    const to: AlertStage = next?.state ?? "inactive";
    if (from !== to) this.changes.push({ from, to, alert: (next ?? previous)! });
  }

  /** Forget an alert without a word: it was over long ago. */
  forget(fingerprint: string): void {
    this.#alerts.delete(fingerprint);
  }

  toRecord(): Readonly<Record<string, TrackedAlert>> {
    return Object.fromEntries(this.#alerts);
  }
}
