import { byId, make, part, parts, setAttribute, setText, syncList } from "./dom.js";
import { nameCommands } from "./name_commands.js";

const TONES = { critical: "bad", warning: "warn" };
const ORDER = ["firing", "pending", "resolved"];

/** Render the notifications that a receiver has not confirmed. */
function showUndelivered({ status, words, format, now }) {
  syncList(byId("undelivered-list"), status.undelivered, {
    keyOf: ({ address, alerts, since }) => `${address} ${alerts} ${since}`,
    create: createUndelivered,
    update(row, { address, alerts, state, since, retryAt, message }) {
      const { badge, place, times, reason, next } = parts(row);
      setText(badge, words.undeliveredState[state]);
      setText(place, address);
      setText(times, words.since(format.time(since, now), format.duration(now - Date.parse(since))));
      setText(reason, `${alerts.join(", ")}: ${message}`);
      setText(next, retryAt === null ? words.mayHaveArrived : words.sentAgain(format.time(retryAt, now)));
    },
  });
  byId("undelivered").hidden = status.undelivered.length === 0;
}

function createUndelivered() {
  const head = make("div", "head", [part("badge", "span", "badge"), part("place", "span", "title mono")]);
  head.append(part("times", "span", "end"));
  setAttribute(head.firstElementChild, "data-tone", "warn");
  const reason = part("reason", "p", "detail");
  setAttribute(reason, "lang", "en");
  return make("li", "", [head, reason, make("p", "more", [part("next", "span", "soft")])]);
}

/** Render the alerts, the worst first. */
export function showAlerts({ status, words, format, now }) {
  const rank = ({ state, severity }) => ORDER.indexOf(state) * 2 + (severity === "critical" ? 0 : 1);
  const alerts = [...status.alerts].sort((a, b) => rank(a) - rank(b));
  syncList(byId("alert-list"), alerts, {
    keyOf: ({ rule, summary }) => `${rule} ${summary}`,
    create: createAlert,
    update(row, alert) {
      const { severity, rule, times, summary, value, runbook, remedy, what, advice } = parts(row);
      const isOver = alert.state === "resolved";
      setText(severity, words.severity[alert.severity] ?? alert.severity);
      setAttribute(severity, "data-tone", isOver ? "plain" : TONES[alert.severity] ?? "plain");
      setText(rule, alert.rule);
      const state = words.alertState[alert.state] ?? alert.state;
      const sinceText = format.time(alert.since, now);
      setText(times, words.alertSince(state, sinceText, format.duration(now - Date.parse(alert.since))));
      const { ja } = alert;
      const translated = words.choose(alert.summary, ja.summary);
      setText(summary, isOver ? words.pastAlert(translated.text) : translated.text);
      setAttribute(summary, "lang", translated.lang);
      // The summary usually contains the value; in that case it is not repeated.
      const measured = alert.value === null
        ? words.noData
        : words.value(alert.valueText ?? format.number(alert.value, 2));
      setText(value, alert.valueText !== null && alert.summary.includes(alert.valueText) ? "" : measured);
      value.hidden = value.textContent === "";
      const todo = words.choose(alert.remedy ?? "", ja.remedy);
      setText(what, words.remedy);
      setText(advice, nameCommands(todo.text, status.commands));
      setAttribute(advice, "lang", todo.lang);
      remedy.hidden = todo.text === "" || isOver;
      showRunbook(runbook, alert, words);
    },
  });
  byId("alert-none").hidden = alerts.length > 0;
  byId("alerts").classList.toggle("empty", alerts.length + status.undelivered.length === 0);
  showUndelivered({ status, words, format, now });
}

function createAlert() {
  const head = make("div", "head", [part("severity", "span", "badge"), part("rule", "span", "title mono")]);
  head.append(part("times", "span", "end"));
  const more = make("p", "more", [part("value", "span", "soft"), part("runbook", "span", "soft")]);
  const remedy = part("remedy", "p", "remedy");
  remedy.append(part("what", "b"), " ", part("advice", "span"));
  return make("li", "", [head, part("summary", "p", "detail"), remedy, more]);
}

/** Show a link only for an HTTP URL; show a path only if the alert has no remedy. */
function showRunbook(place, { rule, runbook, remedy }, words) {
  const isLink = runbook !== null && /^https?:\/\//i.test(runbook);
  const link = place.querySelector("a");
  if (!isLink) {
    setText(place, runbook === null || remedy !== null ? "" : `${words.runbook}: ${runbook}`);
    return;
  }
  const anchor = link ?? make("a");
  if (link === null) place.replaceChildren(anchor);
  setAttribute(anchor, "href", runbook);
  setAttribute(anchor, "target", "_blank");
  setAttribute(anchor, "rel", "noopener noreferrer");
  setAttribute(anchor, "aria-label", words.runbookOf(rule));
  setText(anchor, words.runbook);
}
