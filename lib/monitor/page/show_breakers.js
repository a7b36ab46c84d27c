import { byId, make, part, parts, setAttribute, setText, syncList } from "./dom.js";

const TONES = { closed: "good", "half-open": "warn", open: "bad" };
const ORDER = ["open", "half-open", "closed"];

/** Circuit breakers, those that refuse first. */
export function showBreakers({ status, words, format, now, foreign }) {
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
      const isTold = breaker.state !== "closed" && breaker.reason !== null;
      setText(reason, isTold ? breaker.reason : "");
      setAttribute(reason, "lang", foreign);
      reason.hidden = !isTold;
      const begun = words.since(format.time(breaker.since, now), format.duration(now - Date.parse(breaker.since)));
      const until = breaker.until === null ? "" : ` · ${words.opensAgain(format.clock(breaker.until))}`;
      setText(times, `${begun}${until}`);
      times.hidden = breaker.state === "closed";
    },
  });
  byId("breaker-none").hidden = breakers.length > 0;
}

function createBreaker() {
  const head = make("div", "head", [part("state", "span", "badge"), part("key", "span", "title")]);
  head.append(part("calls", "span", "end"));
  return make("li", "", [head, part("reason", "p", "detail"), part("times", "p", "soft small")]);
}
