import { assert, assertEquals } from "@std/assert";
import { alertOf, manyAlerts, notificationOf } from "../_notifications.ts";
import { receiveOn, status } from "../_receiving_server.ts";
import { sendOnce } from "../_send.ts";

Deno.test("ntfy receiver publishes JSON with title, priority and tags by severity", async () => {
  await using server = receiveOn(() => status(200));
  await sendOnce(`ntfy://${server.host}/my-topic?disabletls=yes`);
  const [request] = server.received;
  assertEquals([request?.method, request?.path], ["POST", "/"]);
  const { message, ...rest } = JSON.parse(request!.body);
  assertEquals(rest, { topic: "my-topic", title: "[FIRING:1] timeout_rate", priority: 5, tags: ["rotating_light"] });
  assert(message.startsWith("● timeout_rate (critical): 2.1 % of downloads time out\n"));
});

Deno.test("ntfy receiver reads title, tags and priority from the URL, and lowers the priority of resolved alerts", async () => {
  await using server = receiveOn(() => status(200));
  const url = `ntfy://${server.host}/t?disabletls=yes&title=Home+server&tags=nas,disk&priority=low`;
  await sendOnce(url);
  await sendOnce(url, {}, notificationOf({ status: "resolved", alerts: [alertOf({ status: "resolved", endsAt: 1 })] }));
  const [first, second] = server.received.map(({ body }) => JSON.parse(body));
  assertEquals([first.title, first.priority, first.tags], [
    "Home server [FIRING:1] timeout_rate",
    2,
    ["rotating_light", "nas", "disk"],
  ]);
  assertEquals([second.priority, second.tags], [3, ["white_check_mark", "nas", "disk"]]);
});

Deno.test("ntfy receiver logs in by user or by token", async () => {
  await using server = receiveOn(() => status(200));
  await sendOnce(`ntfy://me:pass@${server.host}/t?disabletls=yes`);
  await sendOnce(`ntfy://${server.host}/t?disabletls=yes&token=tk_1`);
  assertEquals(server.received.map(({ headers }) => headers.get("authorization")), [
    `Basic ${btoa("me:pass")}`,
    "Bearer tk_1",
  ]);
});

Deno.test("ntfy receiver encrypts by default", async () => {
  await using server = receiveOn(() => status(200), { isSecure: true });
  const ca = await Deno.readTextFile(`${import.meta.dirname}/../../transfer/certificate/ca.pem`);
  await sendOnce(`ntfy://${server.host}/t`, { ca });
  await sendOnce(`ntfys://${server.host}/t`, { ca });
  assertEquals(server.received.length, 2);
});

Deno.test("ntfy receiver sends at most 4096 bytes, not characters", async () => {
  await using server = receiveOn(() => status(200));
  const alerts = manyAlerts(200).map((alert) => ({ ...alert, annotations: { summary: "失敗".repeat(50) } }));
  await sendOnce(`ntfy://${server.host}/t?disabletls=yes`, {}, notificationOf({ alerts }));
  const { message } = JSON.parse(server.received[0]!.body);
  assert(new TextEncoder().encode(message).length <= 4096);
  assert(/^… and \d+ more$/.test(message.split("\n").at(-1)));
});
