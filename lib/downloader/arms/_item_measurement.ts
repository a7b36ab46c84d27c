import type { KitError } from "../../base/mod.ts";
import { classifyFailure, FailureError, failureWeight } from "../../failsafe/mod.ts";
import type { ArmOutcome } from "../../rollout/mod.ts";
import type { DownloadEvent } from "../download_event.ts";

/** Collects from the events of one item how the engine did, for the judge of a rollout. */
export class ItemMeasurement {
  #hasBytes = false;
  #hasTimedOut = false;
  #hadWrongContent = false;
  #error: KitError | null = null;

  /** Note an event of the item. */
  note(event: DownloadEvent): void {
    if (event.type === "bytes") this.#hasBytes = true;
    if (event.type !== "retry") return;
    if (event.failure === "timeout" || event.failure === "stall") this.#hasTimedOut = true;
    // The engine fetched wrong bytes: a file that is damaged where it is published is not tried again.
    if (event.failure === "integrity") this.#hadWrongContent = true;
  }

  /** Note the error with which the item failed. */
  fail(error: KitError): void {
    this.#error = error;
  }

  /** Return how the item ended; `null` if that says nothing about the engine. */
  conclude(): ArmOutcome | null {
    if (this.#hadWrongContent) return { type: "integrity" };
    if (this.#error !== null) return this.#outcomeOf(this.#error);
    if (this.#hasTimedOut) return { type: "timeout" };
    return this.#hasBytes ? { type: "ok" } : null;
  }

  #outcomeOf(error: KitError): ArmOutcome | null {
    // A breaker refused it: no request was sent.
    if (error instanceof FailureError && error.refusedBy !== undefined) return null;
    const failure = classifyFailure(error);
    if (failure === "timeout" || failure === "stall") return { type: "timeout" };
    // No retry came before, so the published file itself is damaged.
    if (failure === "integrity") return null;
    // A failure that does not count against a host is a refusal or a local one: any engine would have met it.
    const weight = failureWeight(failure);
    return weight === "hard" || weight === "counted" ? { type: "error" } : null;
  }
}
