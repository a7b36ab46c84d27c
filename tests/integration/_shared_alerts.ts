import { join } from "node:path";
import { AlertManager, parseAlertsConfig, type Receiver } from "../../lib/alerts/mod.ts";

const RULES = `
rules: [{ alert: High, metric: m, value: 1, severity: warning, annotations: { summary: s } }]
groupWait: 0s
receivers: ["stdout:"]`;

/**
 * Alerts that processes share in a folder: `value` has the metric's current value, `outbox` receives one line per
 * notification.
 */
export function openSharedAlerts(folder: string): Promise<AlertManager> {
  const receiver: Receiver = {
    description: "outbox",
    async send({ status }) {
      await Deno.writeTextFile(join(folder, "outbox"), `${status} ${Deno.pid}\n`, { append: true });
    },
  };
  return AlertManager.open({
    config: parseAlertsConfig(RULES),
    statePath: join(folder, "alerts.json"),
    receivers: [receiver],
    source: {
      read: () => [{ labels: {}, value: Number(Deno.readTextFileSync(join(folder, "value"))), samples: 1 }],
    },
  });
}
