import { ahead } from "./headline.js";
import { byId, make, part, parts, setAttribute, setText, syncList } from "./dom.js";

const TONES = { closed: "good", "half-open": "warn", open: "bad" };
const ORDER = ["open", "half-open", "closed"];

/** Render the circuit breakers, those that block calls first. */
export function showBreakers({ status, words, format, now, translate }) {
  const rank = ({ state }) => ORDER.indexOf(state);
  const breakers = [...status.breakers].sort((a, b) => rank(a) - rank(b) || a.key.localeCompare(b.key));
  syncList(byId("breaker-list"), breakers, {
    keyOf: ({ key }) => key,
    create: createBreaker,
    update(row, breaker) {
      const { state, key, calls, reason, times } = parts(row);
      setText(state, words.breakerState[breaker.state] ?? breaker.state);
      setAttribute(state, "data-tone", TONES[breaker.state] ?? "plain");
      setText(key, breaker.key);
      row.dataset.state = breaker.state;
      setText(calls, words.breakerCalls(format.number(breaker.failures), breaker.calls));
      const hasReason = breaker.state !== "closed" && breaker.reason !== null;
      const translated = translate(hasReason ? breaker.reason : "");
      setText(reason, translated.text);
      setAttribute(reason, "lang", translated.lang);
      reason.hidden = !hasReason;
      const sinceText = words.since(format.time(breaker.since, now), format.duration(now - Date.parse(breaker.since)));
      const untilMs = ahead(breaker.until, now);
      // After the wait, the next request tries the host.
      const due = untilMs === null
        ? words.triesNext
        : words.opensAgain(format.clock(untilMs), format.duration(untilMs - now));
      const until = breaker.state === "open" ? ` · ${due}` : "";
      setText(times, `${sinceText}${until}`);
      times.hidden = breaker.state === "closed";
    },
  });
  byId("breaker-none").hidden = breakers.length > 0;
  byId("breakers").classList.toggle("empty", breakers.length === 0);
}

function createBreaker() {
  const head = make("div", "head", [part("state", "span", "badge"), part("key", "span", "title")]);
  head.append(part("calls", "span", "end"));
  return make("li", "", [head, part("reason", "p", "detail"), part("times", "p", "soft small")]);
}
