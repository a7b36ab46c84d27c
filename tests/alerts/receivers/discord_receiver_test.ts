import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { alertOf, manyAlerts, notificationOf } from "../_notifications.ts";
import { receiveOn, status } from "../_receiving_server.ts";
import { sendOnce } from "../_send.ts";

Deno.test("discord receiver posts to the webhook and waits for the message", async () => {
  await using server = receiveOn(() => Response.json({ id: "1" }));
  await sendOnce("discord://tok-en_1@123", { baseUrl: `http://${server.host}` });
  const [request] = server.received;
  assertEquals([request?.method, request?.path], ["POST", "/api/webhooks/123/tok-en_1?wait=true"]);
  const { content, ...rest } = JSON.parse(request!.body);
  assertEquals(rest, { allowed_mentions: { parse: [] }, flags: 4 });
  assertEquals(content.split("\n")[0], "**\\[FIRING:1\\] timeout\\_rate**");
});

Deno.test("discord receiver posts to discord.com, to a thread, under a custom name", async () => {
  const asked: [string, unknown][] = [];
  const answer: typeof fetch = (input, init) => {
    asked.push([String(input), JSON.parse(String(init?.body)).username]);
    return Promise.resolve(status(204));
  };
  await sendOnce("discord://t@123?thread_id=9&username=Down+loader", { fetch: answer });
  assertEquals(asked, [["https://discord.com/api/webhooks/123/t?wait=true&thread_id=9", "Down loader"]]);
});

Deno.test("discord receiver renders no mentions, timestamps, masked links or lists from a label", async () => {
  await using server = receiveOn(() => status(204));
  const alert = alertOf({ annotations: { summary: "<@1> <t:0:R> [a](https://x.example)", remedy: "-# small" } });
  await sendOnce("discord://t@123", { baseUrl: `http://${server.host}` }, notificationOf({ alerts: [alert] }));
  const { content } = JSON.parse(server.received[0]!.body);
  assertStringIncludes(content, "\\<@1\\> \\<t:0:R\\> \\[a\\]\\(https://x.example\\)");
  assertStringIncludes(content, "what to do: -\\# small");
});

Deno.test("discord receiver sends at most 2000 characters of plain text", async () => {
  await using server = receiveOn(() => status(204));
  const alert = alertOf({ annotations: { summary: "@everyone **x** [y](http://z.example) `a`" } });
  const alerts = [alert, ...manyAlerts(100)];
  await sendOnce("discord://t@123", { baseUrl: `http://${server.host}` }, notificationOf({ alerts }));
  const { content } = JSON.parse(server.received[0]!.body);
  assert(content.length <= 2000);
  assertStringIncludes(content, "@everyone \\*\\*x\\*\\* \\[y\\]\\(http://z.example\\) \\`a\\`");
  assert(/… and \d+ more$/.test(content));
});
