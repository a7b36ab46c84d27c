import { formatCount } from "../../lib/base/mod.ts";
import type { AlertStatus, RuleExplanation, RuleTestResult, SilenceStatus } from "../../lib/alerts/mod.ts";

/** Render the state of the alerts as text. */
export function renderAlertStatus(status: AlertStatus): string {
  const lines = status.alerts.flatMap(({ state, severity, rule, since, summary, mutedBy, remedy, runbook }) => {
    const muted = mutedBy === null ? "" : ` (muted by ${mutedBy})`;
    const help = state === "firing" ? renderHelp({ remedy, runbook }) : [];
    return [`${state}  ${severity}  ${rule}  since ${stamp(since)}${muted}`, `  ${summary}`, ...help];
  });
  for (const { address, alerts, state, since, retryAt, message } of status.undelivered) {
    const next = retryAt === null
      ? "it may have arrived, and is not sent again for that"
      : `next try ${stamp(retryAt)}`;
    lines.push(`${state === "waiting" ? "not delivered" : "no answer"}  ${address}: ${alerts.join(", ")}`);
    lines.push(`  since ${stamp(since)}; ${next}: ${message}`);
  }
  const silenced = status.silences.filter((silence) => silence.state === "active").length;
  const when = status.evaluatedAt === null ? "never evaluated" : `evaluated ${stamp(status.evaluatedAt)}`;
  const fires = formatCount(status.firing, "alert fires", "alerts fire");
  const open = status.undelivered.length;
  const owed = open === 0 ? "" : `, ${formatCount(open, "notification")} not delivered`;
  return `${
    [...lines, `${fires}${owed}; ${formatCount(status.rules, "rule")}, ${formatCount(silenced, "silence")}; ${when}`]
      .join(
        "\n",
      )
  }\n`;
}

/** Render the lines with remedy and runbook; omit those that are not set. */
function renderHelp({ remedy, runbook }: Pick<RuleExplanation, "remedy" | "runbook">): readonly string[] {
  return [
    ...remedy === null ? [] : [`  what to do: ${remedy}`],
    ...runbook === null ? [] : [`  runbook: ${runbook}`],
  ];
}

/** Render silences as text. */
export function renderSilences(silences: readonly SilenceStatus[]): string {
  if (silences.length === 0) return "No silences\n";
  return silences.map(({ id, state, endsAt, author, comment, matchers }) =>
    `${id}  ${state} until ${stamp(endsAt)}  by ${author}${comment === "" ? "" : `: ${comment}`}\n  ${
      matchers.join(" ")
    }\n`
  ).join("");
}

/** Format a time to the second: `2026-01-01 00:00:00 UTC`. */
function stamp(time: string): string {
  return `${time.slice(0, 19).replace("T", " ")} UTC`;
}

/** Render an explained rule as text. */
export function renderExplanation(explanation: RuleExplanation): string {
  const { rule, condition, readings, behavior, route, remedy, runbook } = explanation;
  const now = readings.map(({ labels, value, isBreached }) => {
    const where = Object.entries(labels).map(([name, text]) => `${name}=${text} `).join("");
    const verdict = isBreached === null ? "not enough data" : isBreached ? "breached" : "not breached";
    return `  now: ${where}${value}, ${verdict}`;
  });
  const lines = [
    `${rule}: ${condition}`,
    ...now.length === 0 ? ["  now: no data"] : now,
    `  ${behavior}`,
    `  ${route}`,
  ];
  return `${[...lines, ...renderHelp({ remedy, runbook })].join("\n")}\n`;
}

/** Render the results of rule tests as text. */
export function renderRuleTests(results: readonly RuleTestResult[]): string {
  const lines = results.flatMap(({ name, failures }) => [
    `${failures.length === 0 ? "ok" : "FAILED"}  ${name}`,
    ...failures.map((failure) => `        ${failure}`),
  ]);
  const failed = results.filter((result) => result.failures.length > 0).length;
  return `${lines.join("\n")}\n${results.length - failed} passed, ${failed} failed\n`;
}
