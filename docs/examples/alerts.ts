import { AlertManager, parseAlertsConfig, parseReceiverUrl } from "@civitai-dl/civitai-dl/alerts";

const config = parseAlertsConfig(`
rules:
  - alert: QueueIsLong
    metric: jobs
    value: 100
    severity: critical
    annotations: { summary: "{{value}} jobs wait, more than {{threshold}}" }
receivers: ["stdout:"]`);
let jobs = 20;
const manager = await AlertManager.open({
  config,
  source: { read: () => [{ labels: {}, value: jobs, samples: 1 }] },
  statePath: `${await Deno.makeTempDir()}/alerts.json`,
  receivers: [parseReceiverUrl("stdout:")],
});
let now = Date.now();
for (jobs of [20, 150, 30]) await manager.tick(now += 60_000); // one minute later
