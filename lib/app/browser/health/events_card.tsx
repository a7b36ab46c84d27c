import type { VNode } from "preact";
import { sayEvent, type StatusEvent, type StatusView } from "../../../status/mod.ts";
import { Card, Fold } from "../frame/parts.tsx";

const SHOWN = 8;

/** The recent events, the newest first; the older ones are collapsed. */
export function EventsCard({ view }: { readonly view: StatusView }): VNode {
  const { status: { events }, words } = view;
  return (
    <Card id="events" title={words.events} none={events.length === 0 ? words.noEvents : null}>
      <ul id="event-list" class="rows">{events.slice(0, SHOWN).map((event) => eventRow(event, view))}</ul>
      {events.length > SHOWN && (
        <Fold id="event-more" text={words.more(events.length - SHOWN)}>
          <ul id="event-rest" class="rows">{events.slice(SHOWN).map((event) => eventRow(event, view))}</ul>
        </Fold>
      )}
    </Card>
  );
}

function eventRow(event: StatusEvent, view: StatusView): VNode {
  const { text, tone } = sayEvent(event, view);
  const about = "key" in event ? event.key : "";
  return (
    <li key={`${event.type} ${event.time} ${about}`} class="event" data-tone={tone}>
      <span class="soft">{view.format.time(event.time, view.now)}</span>
      <span class="detail">{text}</span>
    </li>
  );
}
