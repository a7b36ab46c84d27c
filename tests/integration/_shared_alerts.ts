import { join } from "node:path";
import { AlertManager, parseAlertsConfig, type Receiver } from "../../lib/alerts/mod.ts";

const RULES = `
groups:
  - name: g
    interval: 10ms
    rules: [{ alert: High, metric: m, value: 1, severity: critical, annotations: { summary: s } }]
route: { groupWait: 0s, groupInterval: 0s, routes: [] }
receivers: [{ name: me, urls: ["stdout:"] }]`;

/**
 * Alerts that processes share in a folder: `value` has the metric's current value, `outbox` receives one line per
 * notification.
 */
export function openSharedAlerts(folder: string): Promise<AlertManager> {
  const receiver: Receiver = {
    name: "me",
    description: "outbox",
    async send({ status }) {
      await Deno.writeTextFile(join(folder, "outbox"), `${status} ${Deno.pid}\n`, { append: true });
    },
  };
  return AlertManager.open({
    config: parseAlertsConfig(RULES),
    statePath: join(folder, "alerts.json"),
    receivers: new Map([["me", [receiver]]]),
    source: {
      names: ["m"],
      read: () => [{ labels: {}, value: Number(Deno.readTextFileSync(join(folder, "value"))), samples: 1 }],
    },
  });
}
