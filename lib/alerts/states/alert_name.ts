/** Labels that every alert has. */
const COMMON = ["alertname", "severity"];

/**
 * Whether a name stands for an alert: `RULE` for all alerts of a rule, `RULE:VALUE` for those of which a label has that
 * value, such as `HealthCheckFailing:clock`.
 *
 * @param labels The labels of the alert
 * @param name The name
 */
export function isNamed(labels: Readonly<Record<string, string>>, name: string): boolean {
  const { rule, value } = splitAlertName(name);
  if (labels["alertname"] !== rule) return false;
  return value === undefined || Object.entries(labels).some(([key, own]) => !COMMON.includes(key) && own === value);
}

/** Split `RULE:VALUE`; the value may contain colons. */
export function splitAlertName(name: string): { readonly rule: string; readonly value: string | undefined } {
  const colon = name.indexOf(":");
  return colon === -1 ? { rule: name, value: undefined } : { rule: name.slice(0, colon), value: name.slice(colon + 1) };
}
