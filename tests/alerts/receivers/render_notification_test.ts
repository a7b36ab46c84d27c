import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type NotifiedAlert, renderNotification } from "../../../lib/alerts/mod.ts";
import { alertOf, manyAlerts, notificationOf, START } from "../_notifications.ts";

Deno.test("renderNotification() shows what fires, its severity, its start and the remedy", () => {
  const { title, text } = renderNotification(notificationOf(), { now: START + 90_000 });
  assertEquals(title, "[FIRING:1] timeout_rate");
  assertEquals(text.split("\n"), [
    "● timeout_rate (critical): 2.1 % of downloads time out",
    "  firing since 2026-01-01 00:00 UTC (1m 30s), value 0.02134",
    "  host=storage.example",
    "  runbook: https://docs.example/runbook#timeouts",
  ]);
});

Deno.test("renderNotification() shows the value in its unit, the remedy and the origin", () => {
  const annotations = {
    summary: "2.19 % of downloads time out",
    value: "2.19 %",
    remedy: "Look at the network",
    machine: "nas",
    library: "/srv/civitai",
  };
  const { title, text } = renderNotification(notificationOf({ alerts: [alertOf({ value: 0.02186, annotations })] }));
  assertEquals(title, "[FIRING:1] timeout_rate on nas");
  assert(!text.includes("0.021"), text);
  assertEquals(text.split("\n").slice(1), [
    "  firing since 2026-01-01 00:00 UTC, value 2.19 %",
    "  host=storage.example",
    "  what to do: Look at the network",
    "  on nas, library /srv/civitai",
  ]);
});

Deno.test("renderNotification() shows of a resolved alert when it ended, how long it lasted and its last value, and no remedy", () => {
  const annotations = { summary: "2.19 % of downloads time out", value: "0.3 %", remedy: "Look", runbook: "a.md" };
  const resolved = (endsAt: number, more: Partial<NotifiedAlert> = {}) =>
    renderNotification(
      notificationOf({
        status: "resolved",
        groupLabels: { severity: "critical" },
        alerts: [alertOf({ status: "resolved", endsAt, value: 0.003, annotations, ...more })],
      }),
      { now: endsAt + 3_600_000 },
    );
  const { title, text } = resolved(START + 600_000);
  assertEquals(title, "[RESOLVED:1] timeout_rate");
  assertEquals(text.split("\n"), [
    "○ timeout_rate (critical) is over: 2.19 % of downloads time out",
    "  ended 2026-01-01 00:10 UTC after 10m, value 0.3 % at the end",
    "  began 2026-01-01 00:00 UTC",
    "  host=storage.example",
  ]);
  assertStringIncludes(resolved(START + 600_000, { value: null }).text, "after 10m, no data at the end\n");
});

Deno.test("renderNotification() says of an alert that is sent late that it is over", () => {
  const late = alertOf({ endsAt: START + 3_600_000 });
  const { title, text } = renderNotification(notificationOf({ alerts: [late] }), { now: START + 7_200_000 });
  assertEquals(title, "[FIRING:1] timeout_rate (sent late, it is over)");
  assertEquals(text.split("\n").slice(0, 2), [
    "● timeout_rate (critical): 2.1 % of downloads time out",
    "  fired 2026-01-01 00:00 UTC, ended 2026-01-01 01:00 UTC after 1h; sent late: this address did not accept it before",
  ]);
  assert(!text.includes("runbook"), text);
  const both = renderNotification(notificationOf({ alerts: [alertOf(), late] }));
  assertEquals(both.title, "[FIRING:2] timeout_rate");
});

Deno.test("renderNotification() shows no NaN and no null without data", () => {
  for (const value of [null, NaN, Infinity]) {
    const { text } = renderNotification(notificationOf({ alerts: [alertOf({ value })] }));
    assertStringIncludes(text, "no data");
    assert(!/NaN|null|Infinity/.test(text));
  }
});

Deno.test("renderNotification() counts alerts that do not fit, and truncates none", () => {
  const notification = notificationOf({ alerts: manyAlerts(107) });
  const { title, text } = renderNotification(notification, { maxLength: 1000 });
  assert(title.length + 1 + text.length <= 1000);
  const shown = text.split("\n").filter((line) => line.startsWith("● ")).length;
  assert(shown > 3);
  assertEquals(text.split("\n").at(-1), `… and ${107 - shown} more`);
  assertEquals(title, "[FIRING:107] error_rate");
});

Deno.test("renderNotification() counts only firing alerts in the title", () => {
  const ended = alertOf({ status: "resolved", endsAt: START });
  const notification = notificationOf({ alerts: [...manyAlerts(99), ended] });
  assertEquals(renderNotification(notification).title, "[FIRING:99] error_rate, timeout_rate");
});

Deno.test("renderNotification() respects every limit in each unit", () => {
  const measure = (text: string) => new TextEncoder().encode(text).length;
  for (let maxLength = 60; maxLength < 2000; maxLength += 37) {
    const notification = notificationOf({ alerts: manyAlerts(30) });
    const { title, text } = renderNotification(notification, { maxLength, measure });
    assert(measure(`${title}\n${text}`) <= maxLength, `${maxLength}`);
  }
});

Deno.test("renderNotification() gives a long annotation no more than its share", () => {
  const alert = alertOf({ annotations: { summary: "x".repeat(10_000), remedy: "😀".repeat(5000) } });
  const { text } = renderNotification(notificationOf({ alerts: [alert, alertOf({ fingerprint: "b" })] }), {
    maxLength: 2000,
  });
  assertEquals(text.match(/^● /gm)?.length, 2);
  assert(text.isWellFormed());
});

Deno.test("renderNotification() lets no label start a line, an escape sequence or another text direction", () => {
  const alert = alertOf({
    labels: { alertname: "a\r\nBcc: x@y", severity: "warning" },
    annotations: { summary: "\u001b[2J\u202Egpj.exe", remedy: "a\u2028b" },
  });
  const { title, text } = renderNotification(notificationOf({ alerts: [alert] }));
  assertEquals(title, "[FIRING:1] a Bcc: x@y");
  // deno-lint-ignore no-control-regex -- this is what must not be there
  assert(!/[\u0000-\u0009\u000b-\u001f\u2028\u202e]/.test(text));
  assertEquals(text.split("\n").length, 3);
});

Deno.test("renderNotification() escapes before it measures", () => {
  const alert = alertOf({ annotations: { summary: "<".repeat(300) }, labels: { alertname: "a&b" } });
  const { title, text } = renderNotification(notificationOf({ alerts: [alert], groupLabels: {} }), {
    maxLength: 4000,
    escape: (part) => part.replaceAll("&", "&amp;").replaceAll("<", "&lt;"),
  });
  assertEquals(title, "[FIRING:1] a&amp;b");
  assertStringIncludes(text, "&lt;".repeat(300));
});

Deno.test("renderNotification() shows the number of alerts if none fits", () => {
  const { text } = renderNotification(notificationOf({ alerts: manyAlerts(3) }), { maxLength: 60 });
  assertEquals(text, "3 alerts");
});
