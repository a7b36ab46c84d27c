import { assertEquals } from "@std/assert";
import { toWebhookPayload } from "../../../lib/alerts/mod.ts";
import { alertOf, manyAlerts, notificationOf, START } from "../_notifications.ts";

Deno.test("toWebhookPayload() has exactly the fields of Alertmanager's version 4", () => {
  const payload = toWebhookPayload(notificationOf());
  assertEquals<unknown>(payload, {
    version: "4",
    groupKey: '{}:{alertname="timeout_rate"}',
    truncatedAlerts: 0,
    status: "firing",
    receiver: "default",
    groupLabels: { alertname: "timeout_rate" },
    commonLabels: { alertname: "timeout_rate", severity: "critical", host: "storage.example" },
    commonAnnotations: {
      summary: "2.1 % of downloads time out",
      runbook: "https://docs.example/runbook#timeouts",
    },
    externalURL: "",
    alerts: [{
      status: "firing",
      labels: { alertname: "timeout_rate", severity: "critical", host: "storage.example" },
      annotations: {
        summary: "2.1 % of downloads time out",
        runbook: "https://docs.example/runbook#timeouts",
      },
      startsAt: "2026-01-01T00:00:00.000Z",
      endsAt: "0001-01-01T00:00:00Z",
      generatorURL: "",
      fingerprint: "00000000000000a1",
    }],
  });
});

Deno.test("toWebhookPayload() lists the labels that all alerts share as common", () => {
  const payload = toWebhookPayload(notificationOf({ alerts: [...manyAlerts(2), alertOf({ annotations: {} })] }));
  assertEquals(payload.commonLabels, {});
  assertEquals(payload.commonAnnotations, {});
  const same = toWebhookPayload(notificationOf({ alerts: manyAlerts(2) }));
  assertEquals(same.commonLabels, { alertname: "error_rate", severity: "warning" });
});

Deno.test("toWebhookPayload() includes the end of resolved alerts", () => {
  const alert = alertOf({ status: "resolved", endsAt: START + 1000 });
  const payload = toWebhookPayload(notificationOf({ status: "resolved", alerts: [alert] }));
  assertEquals([payload.status, payload.alerts[0]?.endsAt], ["resolved", "2026-01-01T00:00:01.000Z"]);
});
