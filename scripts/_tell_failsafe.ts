import type { Display } from "../lib/cli/mod.ts";
import type { DownloadEvent } from "../lib/downloader/mod.ts";

/** Say what the failsafe did: a step of the engine always, a breaker unless less is wanted. */
export function tellFailsafe(event: DownloadEvent, display: Display): void {
  if (event.type === "mode") display.notice(`failsafe: ${event.from} → ${event.to}: ${event.reason}`);
  if (event.type === "breaker") display.log(`failsafe: ${event.key} is ${event.to}: ${event.reason}`);
}
