import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { alertOf, manyAlerts, notificationOf } from "../_notifications.ts";
import { receiveOn } from "../_receiving_server.ts";
import { sendOnce } from "../_send.ts";

const TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_-";

Deno.test("telegram receiver sends HTML to the chat", async () => {
  await using server = receiveOn(() => Response.json({ ok: true }));
  for (const chat of ["@channel", "-100123:7"]) {
    await sendOnce(`telegram://${TOKEN}@telegram?chats=${chat}`, { baseUrl: `http://${server.host}` });
  }
  assertEquals(
    server.received.map(({ method, path }) => `${method} ${path}`),
    Array(2).fill(`POST /bot${TOKEN}/sendMessage`),
  );
  const [first, second] = server.received.map(({ body }) => JSON.parse(body));
  const { text, ...rest } = first;
  assertEquals(rest, { chat_id: "@channel", parse_mode: "HTML", link_preview_options: { is_disabled: true } });
  assertEquals(text.split("\n")[0], "<b>[FIRING:1] timeout_rate</b>");
  assertEquals([second.chat_id, second.message_thread_id], ["-100123", 7]);
});

Deno.test("telegram receiver posts to api.telegram.org, silently if configured", async () => {
  const asked: [string, unknown][] = [];
  const answer: typeof fetch = (input, init) => {
    asked.push([String(input), JSON.parse(String(init?.body)).disable_notification]);
    return Promise.resolve(Response.json({ ok: true }));
  };
  await sendOnce(`telegram://${TOKEN}@telegram?chats=5&notification=no`, { fetch: answer });
  assertEquals(asked, [[`https://api.telegram.org/bot${TOKEN}/sendMessage`, true]]);
});

Deno.test("telegram receiver escapes HTML and sends at most 4096 characters", async () => {
  await using server = receiveOn(() => Response.json({ ok: true }));
  const alert = alertOf({ annotations: { summary: "<b>&amp;</b>" } });
  const alerts = [alert, ...manyAlerts(100)];
  await sendOnce(
    `telegram://${TOKEN}@telegram?chats=5`,
    { baseUrl: `http://${server.host}` },
    notificationOf({ alerts }),
  );
  const { text } = JSON.parse(server.received[0]!.body);
  assert(text.length <= 4096 && text.length > 3000);
  assertStringIncludes(text, "&lt;b&gt;&amp;amp;&lt;/b&gt;");
  assert(/… and \d+ more$/.test(text));
});
