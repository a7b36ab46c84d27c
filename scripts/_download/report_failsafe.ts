import { formatDuration } from "../../lib/base/mod.ts";
import type { Display } from "../../lib/cli/mod.ts";
import type { DownloadEvent } from "../../lib/downloader/mod.ts";

/** Print an event of failsafe or rollout: a change of mode or of the rollout's state as a notice, a breaker as a log line. */
export function reportFailsafe(event: DownloadEvent, display: Pick<Display, "notice" | "log">): void {
  if (event.type === "mode") display.notice(`failsafe: ${event.from} → ${event.to}: ${event.reason}`);
  if (event.type === "rollout") {
    const { rollout, action, from, to, weight, reason } = event;
    if (action === "follow") display.log(`rollout ${rollout}: ${to}, ${weight} %: ${reason}`);
    else display.notice(`rollout ${rollout}: ${from} → ${to}, ${weight} %: ${reason}`);
  }
  if (event.type !== "breaker") return;
  const { retryInMs = 0 } = event;
  const next = event.to === "open" && retryInMs > 0 ? `; next attempt in ${formatDuration(retryInMs)}` : "";
  display.log(`failsafe: ${event.key} is ${event.to}: ${event.reason}${next}`);
}
