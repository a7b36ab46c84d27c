import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { alertOf, manyAlerts, notificationOf } from "./_notifications.ts";
import { receiveOn } from "./_receiving_server.ts";
import { sendOnce } from "./_send.ts";

for (const url of ["slack://hook:T000-B000-XXXX@webhook", "slack://T000/B000/XXXX"]) {
  Deno.test(`${url} posts to the incoming webhook`, async () => {
    await using server = receiveOn(() => new Response("ok"));
    await sendOnce(url, { baseUrl: `http://${server.host}` });
    const [request] = server.received;
    assertEquals([request?.method, request?.path], ["POST", "/services/T000/B000/XXXX"]);
    const { text, ...rest } = JSON.parse(request!.body);
    assertEquals(rest, {});
    assertEquals(text.split("\n").slice(0, 2), [
      "*[FIRING:1] timeout_rate*",
      "● timeout_rate (critical): 2.1 % of downloads time out",
    ]);
  });
}

Deno.test("slack: goes to hooks.slack.com", async () => {
  const asked: string[] = [];
  const answer: typeof fetch = (input) => {
    asked.push(String(input));
    return Promise.resolve(new Response("ok"));
  };
  await sendOnce("slack://T000/B000/XXXX", { fetch: answer });
  assertEquals(asked, ["https://hooks.slack.com/services/T000/B000/XXXX"]);
});

Deno.test("slack: calls nobody and links nothing, whatever a label says", async () => {
  await using server = receiveOn(() => new Response("ok"));
  const alert = alertOf({ annotations: { summary: "<!channel> <https://x.example|y> a&b" } });
  await sendOnce(
    "slack://T000/B000/XXXX",
    { baseUrl: `http://${server.host}` },
    notificationOf({ alerts: [alert, ...manyAlerts(500)] }),
  );
  const { text } = JSON.parse(server.received[0]!.body);
  assertStringIncludes(text, "&lt;!channel&gt; &lt;https://x.example|y&gt; a&amp;b");
  assert(text.length <= 4000);
});
