import { ahead } from "./headline.js";
import { byId, make, part, parts, setAttribute, setText, syncList } from "./dom.js";

const TONES = {
  blocked: "bad",
  failing: "bad",
  tried: "warn",
  slow: "warn",
  someFail: "warn",
  working: "good",
  unused: "plain",
};
const ORDER = Object.keys(TONES);
/** From this share of failed calls, a host that is still called is failing. */
const FAILING_SHARE = 0.5;

/** Render the hosts: those that block calls first, then those that fail or are slow. */
export function showBreakers({ status, words, format, now, translate }) {
  const rank = (row) => ORDER.indexOf(stateOf(row));
  const rows = rowsOf(status).sort((a, b) => rank(a) - rank(b) || a.key.localeCompare(b.key));
  syncList(byId("breaker-list"), rows, {
    keyOf: ({ key }) => key,
    create: createRow,
    update(row, shown) {
      const { state, key, calls, reason, speed, limit, times } = parts(row);
      const { breaker, host } = shown;
      const name = stateOf(shown);
      setText(state, words.hostState[name]);
      setAttribute(state, "data-tone", TONES[name]);
      setText(key, shown.key);
      row.dataset.state = breaker?.state ?? "closed";
      setText(calls, breaker === null ? "" : words.breakerCalls(format.number(breaker.failures), breaker.calls));
      const isOpen = breaker !== null && breaker.state !== "closed";
      const translated = translate(isOpen && breaker.reason !== null ? breaker.reason : "");
      setText(reason, translated.text);
      setAttribute(reason, "lang", translated.lang);
      reason.hidden = translated.text === "";
      setText(speed, host === null || host.ratio === null ? "" : words.speedOf(host, format));
      speed.hidden = speed.textContent === "";
      const isLimited = host !== null && host.limit.value < host.limit.ceiling;
      const changedAt = isLimited && host.limit.changedAt !== null ? format.time(host.limit.changedAt, now) : "";
      setText(limit, isLimited ? words.limitOf(host.limit, changedAt) : "");
      limit.hidden = !isLimited;
      setText(times, isOpen ? timesOf(breaker, { words, format, now }) : "");
      times.hidden = !isOpen;
    },
  });
  byId("breaker-none").hidden = rows.length > 0;
  byId("breakers").classList.toggle("empty", rows.length === 0);
}

/** One row for each host that has a breaker, or that a downloader uses now. */
function rowsOf({ breakers, hosts }) {
  const keys = new Set([...breakers.map(({ key }) => key), ...hosts.map(({ host }) => host)]);
  return [...keys].map((key) => ({
    key,
    breaker: breakers.find((breaker) => breaker.key === key) ?? null,
    host: hosts.find(({ host }) => host === key) ?? null,
  }));
}

/** The word for a host: what its breaker does, or else how its last calls ended and how fast it is. */
export function stateOf({ breaker, host }) {
  if (breaker?.state === "open") return "blocked";
  if (breaker?.state === "half-open") return "tried";
  const { failures, calls } = breaker ?? { failures: 0, calls: 0 };
  if (failures > 0 && failures >= calls * FAILING_SHARE) return "failing";
  if (host !== null && host.slowSince !== null) return "slow";
  if (failures > 0) return "someFail";
  return calls === 0 && host === null ? "unused" : "working";
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
