import { byId, make, part, parts, setAttribute, setText, syncList } from "./dom.js";
import { toneOfEvent } from "./event_tone.js";
import { fold } from "./fold.js";
import { formatters } from "./show_headline.js";

const SHOWN = 8;

/** Render the recent events, the newest first; the older ones are collapsed. */
export function showEvents(view) {
  const { status, words, format, now } = view;
  const { events } = status;
  const helpers = formatters(view);
  const update = (row, event) => {
    const cells = parts(row);
    // A host whose breaker was forgotten counts as working.
    const isOut = (name) => status.breakers.some(({ key, state }) => key === name && state !== "closed");
    const text = words.happened[event.type](event, { ...helpers, isOut });
    setText(cells.time, format.time(event.time, now));
    setText(cells.text, text);
    setAttribute(row, "data-tone", toneOfEvent(event, isOut));
  };
  const options = { keyOf: ({ type, time, key, host }) => `${type} ${time} ${key ?? host ?? ""}`, create, update };
  syncList(byId("event-list"), events.slice(0, SHOWN), options);
  fold(byId("event-more"), events.length - SHOWN, words);
  syncList(byId("event-rest"), events.slice(SHOWN), options);
  byId("event-none").hidden = events.length > 0;
  byId("events").classList.toggle("empty", events.length === 0);
}

function create() {
  return make("li", "event", [part("time", "span", "soft"), part("text", "span", "detail")]);
}
