import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { alertOf, manyAlerts, notificationOf } from "../_notifications.ts";
import { receiveOn } from "../_receiving_server.ts";
import { sendOnce } from "../_send.ts";

const URL = "slack://hook:T000-B000-XXXX@webhook";

Deno.test("slack receiver posts to the incoming webhook", async () => {
  await using server = receiveOn(() => new Response("ok"));
  await sendOnce(URL, { baseUrl: `http://${server.host}` });
  const [request] = server.received;
  assertEquals([request?.method, request?.path], ["POST", "/services/T000/B000/XXXX"]);
  const { text, blocks: [header, section], ...rest } = JSON.parse(request!.body);
  assertEquals(rest, { mrkdwn: false, "unfurl_links": false, "unfurl_media": false });
  assertEquals(text.split("\n").slice(0, 2), [
    "[FIRING:1] timeout_rate",
    "● timeout_rate (critical): 2.1 % of downloads time out",
  ]);
  assertEquals(header, {
    type: "header",
    text: { type: "plain_text", text: "[FIRING:1] timeout_rate", emoji: false },
  });
  assertEquals([section.type, section.text.type, section.text.emoji], ["section", "plain_text", false]);
  assertEquals(`${header.text.text}\n${section.text.text}`, text);
});

Deno.test("slack receiver posts to hooks.slack.com", async () => {
  const asked: string[] = [];
  const answer: typeof fetch = (input) => {
    asked.push(String(input));
    return Promise.resolve(new Response("ok"));
  };
  await sendOnce(URL, { fetch: answer });
  assertEquals(asked, ["https://hooks.slack.com/services/T000/B000/XXXX"]);
});

Deno.test("slack receiver replaces formatting characters, which Slack cannot escape", async () => {
  await using server = receiveOn(() => new Response("ok"));
  const marked = "*bold* _x_ ~y~ `z` > q";
  const alert = alertOf({ labels: { alertname: `${"<".repeat(119)}*b*` }, annotations: { summary: marked } });
  await sendOnce(
    URL,
    { baseUrl: `http://${server.host}` },
    notificationOf({ alerts: [alert] }),
  );
  const { mrkdwn, blocks } = JSON.parse(server.received[0]!.body);
  assertEquals([mrkdwn, blocks.map((block: { text: { type: string } }) => block.text.type)], [
    false,
    ["plain_text", "plain_text"],
  ]);
  assertStringIncludes(blocks[1].text.text, "*bold* _x_ ~y~ `z` &gt; q");
  assert(blocks[0].text.text.length <= 150);
  assert(/&lt;…$/.test(blocks[0].text.text), blocks[0].text.text);
});

Deno.test("slack receiver renders no mentions and no links from a label", async () => {
  await using server = receiveOn(() => new Response("ok"));
  const alert = alertOf({ annotations: { summary: "<!channel> <https://x.example|y> a&b" } });
  await sendOnce(
    URL,
    { baseUrl: `http://${server.host}` },
    notificationOf({ alerts: [alert, ...manyAlerts(500)] }),
  );
  const { text } = JSON.parse(server.received[0]!.body);
  assertStringIncludes(text, "&lt;!channel&gt; &lt;https://x.example|y&gt; a&amp;b");
  assert(text.length <= 3000 + 150);
});
