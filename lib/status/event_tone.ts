import { isLower } from "./modes.ts";
import type { StatusEvent } from "./status_document.ts";

/** The color of an event or a host. */
export type RowTone = "bad" | "warn" | "good" | "plain";

/**
 * The tone of an event: `bad`, `warn`, `good` or `plain`. `isOut` returns whether the breaker of a host is currently
 * not closed.
 */
export function toneOfEvent(event: StatusEvent, isOut: (host: string) => boolean): RowTone {
  switch (event.type) {
    case "end":
      return event.failed > 0 || event.exitCode !== 0 ? "warn" : "good";
    case "mode":
      if (event.to === "paused") return "bad";
      return isLower(event.to, event.from) ? "warn" : "good";
    case "outage":
      return event.until === null && isOut(event.key) ? "bad" : "plain";
    case "alert":
      if (event.state === "resolved") return "good";
      return event.severity === "critical" ? "bad" : "warn";
    case "warning":
      return "warn";
    default:
      return "plain";
  }
}
