import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { parseReceiverUrl } from "../../../lib/alerts/mod.ts";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { alertOf, manyAlerts, notificationOf } from "../_notifications.ts";
import { receiveOn, status } from "../_receiving_server.ts";
import { sendOnce } from "../_send.ts";

const TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_-";

Deno.test("telegram receiver sends HTML to each chat", async () => {
  await using server = receiveOn(() => Response.json({ ok: true }));
  await sendOnce(`telegram://${TOKEN}@telegram?chats=@channel,-100123:7`, { baseUrl: `http://${server.host}` });
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

Deno.test("telegram receiver isolates chats: one that refuses blocks no other, and none receives twice", async () => {
  let isMended = false;
  const clock = new FakeClock();
  await using server = receiveOn((request) =>
    status(JSON.parse(request.body).chat_id === "2" && !isMended ? 403 : 200)
  );
  const url = `telegram://${TOKEN}@telegram?chats=1,2,3`;
  const receiver = parseReceiverUrl(url, { baseUrl: `http://${server.host}`, clock });
  const { signal } = new AbortController();
  const send = (overrides = {}) => receiver.send(notificationOf(overrides), { signal });
  const told = () => server.received.map(({ body }) => JSON.parse(body).chat_id).join(" ");
  const error = await assertRejects(send, FailureError);
  assert(!error.message.includes(TOKEN));
  assertEquals(told(), "1 2 3");
  await assertRejects(send, FailureError);
  assertEquals(told(), "1 2 3 2");
  isMended = true;
  await send();
  assertEquals(told(), "1 2 3 2 2");
  // A notification of other alerts counts as new, and so does a repeat of one that all chats received.
  await send({ alerts: manyAlerts(1) });
  await send();
  assertEquals(told(), "1 2 3 2 2 1 2 3 1 2 3");
});

Deno.test("telegram receiver sends again to chats that received the notification an hour ago", async () => {
  const clock = new FakeClock();
  await using server = receiveOn((request) => status(JSON.parse(request.body).chat_id === "2" ? 403 : 200));
  const url = `telegram://${TOKEN}@telegram?chats=1,2`;
  const receiver = parseReceiverUrl(url, { baseUrl: `http://${server.host}`, clock });
  const send = () => receiver.send(notificationOf(), { signal: new AbortController().signal });
  for (const ms of [0, 1_800_000, 1_800_001]) {
    clock.advance(ms);
    await assertRejects(send, FailureError);
  }
  assertEquals(server.received.map(({ body }) => JSON.parse(body).chat_id).join(" "), "1 2 2 1 2");
});
