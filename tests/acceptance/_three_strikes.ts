import type { DownloadEvent, RunFailsafe } from "../../lib/downloader/mod.ts";
import { type Admission, type CallOutcome, Failsafe, type FailsafeStatus } from "../../lib/failsafe/mod.ts";

const STRIKES = 3;

/**
 * The rule that the failsafe replaced, for comparison: any three failures, however far apart, switch to the stable
 * engine permanently and notify; then the count restarts.
 */
export class ThreeStrikes implements RunFailsafe {
  mode = "turbo";
  readonly #onMode: (event: DownloadEvent) => void;
  #failures = 0;

  constructor(onMode: (event: DownloadEvent) => void) {
    this.#onMode = onMode;
  }

  admit(_key: string): Admission {
    const done = (outcome: CallOutcome): void => this.#see(outcome);
    return { type: "allowed", retryInMs: 0, refusal: null, recordFlow() {}, finish: done, [Symbol.dispose]: () => {} };
  }

  status(): FailsafeStatus {
    return Failsafe.inMemory().status();
  }

  #see(outcome: CallOutcome): void {
    if (outcome.type !== "failed" || ++this.#failures < STRIKES) return;
    const from = this.mode;
    this.mode = "stable";
    this.#failures = 0;
    this.#onMode({ type: "mode", from, to: "stable", reason: "three failures" });
  }
}
