import { type RowTone, toneOfEvent } from "./event_tone.ts";
import { sayingsOf, type StatusView } from "./say_finding.ts";
import type { EventOf } from "./sayings.ts";
import type { StatusEvent } from "./status_document.ts";

/** An event in words, with its tone. */
export function sayEvent<Type extends StatusEvent["type"]>(
  event: EventOf<Type>,
  view: StatusView,
): { readonly text: string; readonly tone: RowTone } {
  const { status: { breakers }, words } = view;
  // A host whose breaker was forgotten counts as working.
  const isOut = (host: string) => breakers.some(({ key, state }) => key === host && state !== "closed");
  const say = words.happened[event.type as Type];
  return { text: say(event, { ...sayingsOf(view), isOut }), tone: toneOfEvent(event, isOut) };
}
