import { ahead } from "./headline.js";
import { HOST_TONES, hostLimit, hostRows, hostState } from "./hosts.js";
import { byId, make, part, parts, setAttribute, setText, syncList } from "./dom.js";

/** Render the hosts: those that block calls first, then those that fail or are slow. */
export function showBreakers({ status, words, format, now }) {
  const rows = hostRows(status);
  syncList(byId("breaker-list"), rows, {
    keyOf: ({ key }) => key,
    create: createRow,
    update(row, shown) {
      const { state, key, calls, reason, speed, limit, times } = parts(row);
      const { breaker, host } = shown;
      const name = hostState(shown);
      setText(state, words.hostState[name]);
      setAttribute(state, "data-tone", HOST_TONES[name]);
      setText(key, shown.key);
      row.dataset.state = breaker?.state ?? "closed";
      setText(calls, breaker === null ? "" : words.breakerCalls(format.number(breaker.failures), breaker.calls));
      const isOpen = breaker !== null && breaker.state !== "closed";
      const translated = words.choose(isOpen ? breaker.reason ?? "" : "", isOpen ? breaker.ja.reason : "");
      setText(reason, translated.text);
      setAttribute(reason, "lang", translated.lang);
      reason.hidden = translated.text === "";
      setText(speed, host === null || host.speed === null ? "" : words.speedOf(host.speed, format));
      speed.hidden = speed.textContent === "";
      setText(limit, hostLimit(shown, { words, format, now }));
      limit.hidden = limit.textContent === "";
      setText(times, isOpen ? timesOf(breaker, { words, format, now }) : "");
      times.hidden = !isOpen;
    },
  });
  byId("breaker-none").hidden = rows.length > 0;
  byId("breakers").classList.toggle("empty", rows.length === 0);
}

function timesOf(breaker, { words, format, now }) {
  const since = words.since(format.time(breaker.since, now), format.duration(now - Date.parse(breaker.since)));
  if (breaker.state !== "open") return since;
  const untilMs = ahead(breaker.until, now);
  // After the wait, the next request tries the host.
  const due = untilMs === null
    ? words.triesNext
    : words.opensAgain(format.clock(untilMs), format.duration(untilMs - now));
  return `${since} · ${due}`;
}

function createRow() {
  const head = make("div", "head", [part("state", "span", "badge"), part("key", "span", "title")]);
  head.append(part("calls", "span", "end"));
  const lines = [part("reason", "p", "detail"), part("speed", "p", "soft small"), part("limit", "p", "soft small")];
  return make("li", "", [head, ...lines, part("times", "p", "soft small")]);
}
