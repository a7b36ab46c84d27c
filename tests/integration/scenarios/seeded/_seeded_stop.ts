import type { TransferEvent } from "../../../../lib/transfer/mod.ts";
import type { SeededSession } from "./_seeded_plan.ts";

/** Interrupts a session at its moment. */
export class SeededStop implements Disposable {
  /** The events of the session, passed on. */
  static readonly REASON = new Error("Interrupted");
  readonly #controller = new AbortController();
  readonly #plan: SeededSession["stop"];
  readonly #over = new AbortController();
  #events = 0;
  #bytes = 0;

  constructor(plan: SeededSession["stop"]) {
    this.#plan = plan;
    if (plan?.after !== "milliseconds") return;
    // Real time: the duration of a transfer does not depend on the speed of the clock.
    const timer = setTimeout(() => this.now(), plan.count);
    this.#over.signal.addEventListener("abort", () => clearTimeout(timer));
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  see(event: TransferEvent): void {
    this.#events++;
    if (event.type === "bytes") this.#bytes += event.count;
    const seen = this.#plan?.after === "events" ? this.#events : this.#plan?.after === "bytes" ? this.#bytes : -1;
    if (this.#plan !== null && seen >= this.#plan.count) this.now();
  }

  now(): void {
    this.#controller.abort(SeededStop.REASON);
  }

  [Symbol.dispose](): void {
    this.#over.abort();
  }
}
