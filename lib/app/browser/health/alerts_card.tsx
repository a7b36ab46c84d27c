import type { VNode } from "preact";
import { spellCommands, type StatusAlert, type StatusView } from "../../../status/mod.ts";
import { Badge, Card, Remedy } from "../frame/parts.tsx";

const TONES: Readonly<Record<string, string>> = { critical: "bad", warning: "warn" };
const ORDER = ["firing", "pending", "resolved"];

/** The alerts, the worst first, and the notifications that a receiver has not confirmed. */
export function AlertsCard({ view }: { readonly view: StatusView }): VNode {
  const { status: { alerts, undelivered }, words } = view;
  const rank = ({ state, severity }: StatusAlert) => ORDER.indexOf(state) * 2 + (severity === "critical" ? 0 : 1);
  const sorted = alerts.toSorted((a, b) => rank(a) - rank(b));
  const isEmpty = alerts.length + undelivered.length === 0;
  return (
    <Card id="alerts" title={words.alerts} none={isEmpty ? words.noAlerts : null}>
      <ul id="alert-list" class="rows">
        {sorted.map((alert) => <Alert key={`${alert.rule} ${alert.summary}`} alert={alert} view={view} />)}
      </ul>
      {alerts.length === 0 && <p class="none">{words.noAlerts}</p>}
      {undelivered.length > 0 && <Undelivered view={view} />}
    </Card>
  );
}

function Alert({ alert, view }: { readonly alert: StatusAlert; readonly view: StatusView }): VNode {
  const { words, format, now, status } = view;
  const { rule, severity, state, since, summary, value, valueText, ja } = alert;
  const isOver = state === "resolved";
  const said = words.choose(summary, ja.summary);
  const todo = words.choose(alert.remedy ?? "", ja.remedy);
  const lasting = format.duration(now - Date.parse(since));
  const measured = value === null ? words.noData : words.value(valueText ?? format.number(value, 2));
  // The summary usually contains the value; in that case it is not repeated.
  const isSaid = valueText !== null && summary.includes(valueText);
  return (
    <li>
      <div class="head">
        <Badge tone={isOver ? "plain" : TONES[severity] ?? "plain"}>{words.severity[severity] ?? severity}</Badge>
        <span class="title mono">{rule}</span>
        <span class="end">{words.alertSince(words.alertState[state], format.time(since, now), lasting)}</span>
      </div>
      <p class="detail" lang={said.lang ?? undefined}>{isOver ? words.pastAlert(said.text) : said.text}</p>
      <Remedy text={isOver ? "" : spellCommands(todo.text, status.commands)} lang={todo.lang} />
      <p class="more">
        {!isSaid && <span class="soft">{measured}</span>}
        <Runbook alert={alert} view={view} />
      </p>
    </li>
  );
}

/** A link only for an HTTP URL; a path only if the alert has no remedy. */
function Runbook({ alert: { rule, runbook, remedy }, view: { words } }: Parameters<typeof Alert>[0]): VNode | null {
  if (runbook === null) return null;
  if (/^https?:\/\//i.test(runbook)) {
    return (
      <a href={runbook} target="_blank" rel="noopener noreferrer" aria-label={words.runbookOf(rule)}>{words.runbook}</a>
    );
  }
  return remedy === null ? <span class="soft">{words.runbook}: {runbook}</span> : null;
}

function Undelivered({ view: { status, words, format, now } }: { readonly view: StatusView }): VNode {
  return (
    <div id="undelivered">
      <h3>{words.undelivered}</h3>
      <ul class="rows">
        {status.undelivered.map(({ address, alerts, state, since, retryAt, message }) => (
          <li key={`${address} ${alerts} ${since}`}>
            <div class="head">
              <Badge tone="warn">{words.undeliveredState[state]}</Badge>
              <span class="title mono">{address}</span>
              <span class="end">
                {words.since(format.time(since, now), format.duration(now - Date.parse(since)))}
              </span>
            </div>
            <p class="detail" lang="en">{alerts.join(", ")}: {message}</p>
            <p class="more soft">
              {retryAt === null ? words.mayHaveArrived : words.sentAgain(format.time(retryAt, now))}
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}
