import { byId, make, part, parts, setAttribute, setText, syncList } from "./dom.js";

const TONES = { critical: "bad", warning: "warn" };
const ORDER = ["firing", "pending", "resolved"];

/** Alerts, the worst first. */
export function showAlerts({ status, words, format, now }) {
  const rank = ({ state, severity }) => ORDER.indexOf(state) * 2 + (severity === "critical" ? 0 : 1);
  const alerts = [...status.alerts].sort((a, b) => rank(a) - rank(b));
  syncList(byId("alert-list"), alerts, {
    keyOf: ({ rule, summary }) => `${rule} ${summary}`,
    create: createAlert,
    update(row, alert) {
      const { severity, rule, times, summary, value, runbook } = parts(row);
      const isOver = alert.state === "resolved";
      setText(severity, words.severity[alert.severity] ?? alert.severity);
      setAttribute(severity, "data-tone", isOver ? "plain" : TONES[alert.severity] ?? "plain");
      setText(rule, alert.rule);
      const state = words.alertState[alert.state] ?? alert.state;
      const begun = format.time(alert.since, now);
      setText(times, words.alertSince(state, begun, format.duration(now - Date.parse(alert.since))));
      setText(summary, alert.summary);
      setText(value, alert.value === null ? words.noData : words.value(format.value(alert.value)));
      showRunbook(runbook, alert, words);
    },
  });
  byId("alert-none").hidden = alerts.length > 0;
}

function createAlert() {
  const head = make("div", "head", [part("severity", "span", "badge"), part("rule", "span", "title mono")]);
  head.append(part("times", "span", "end"));
  const more = make("p", "more", [part("value", "span", "soft"), " ", part("runbook", "span", "soft")]);
  return make("li", "", [head, part("summary", "p", "detail"), more]);
}

/** A link only for what a browser may open; anything else is a text. */
function showRunbook(place, { rule, runbook }, words) {
  const isLink = runbook !== null && /^https?:\/\//i.test(runbook);
  const link = place.querySelector("a");
  if (!isLink) {
    setText(place, runbook === null ? "" : `${words.runbook}: ${runbook}`);
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
