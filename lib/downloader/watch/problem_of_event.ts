import { isFailureClass, RUNGS } from "../../failsafe/mod.ts";
import { isProblemId, type ProblemId } from "../../problems/mod.ts";
import type { DownloadEvent } from "../download_event.ts";

/** Classes of outcomes that are not named like one. */
const OUTCOMES: Readonly<Record<string, ProblemId>> = { removed: "gone", corrupted: "integrity" };

/**
 * Name the problem that an event reports, so that nobody has to read it out of its words.
 *
 * @param event The event
 * @returns The problem; `null` if it reports none, or one without a name
 */
export function problemOfEvent(event: DownloadEvent): ProblemId | null {
  switch (event.type) {
    case "end":
      if (event.message === null) return null;
      return event.failure ?? OUTCOMES[event.outcome] ?? (isProblemId(event.outcome) ? event.outcome : "unknown");
    case "retry":
    case "api-retry":
      return isFailureClass(event.failure) ? event.failure : null;
    case "restart":
      return "changed";
    case "mode":
      if (event.isHeld === true) return "held-by-hand";
      return event.to === "paused" || rank(event.to) > rank(event.from) ? "engine-mode" : null;
    case "breaker":
      if (event.to !== "open") return null;
      return event.cause?.failure === "tripped" ? "tripped" : "breaker";
    case "rollout":
      return event.isTrouble ? "rollout" : null;
    case "summary":
      return event.stopped === undefined ? null : event.stopped.failure ?? "run-failed";
    case "run-end":
      if (event.cause === null) return null;
      return isProblemId(event.cause) ? event.cause : "run-failed";
    case "warning":
      return event.problem ?? event.failure ?? null;
    default:
      return null;
  }
}

/** The fastest mode has the lowest rank. */
function rank(mode: string): number {
  return RUNGS.findIndex((rung) => rung === mode);
}
