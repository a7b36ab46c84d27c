import { assertEquals } from "@std/assert";
import { toWebhookPayload } from "../../../lib/alerts/mod.ts";
import { notificationOf } from "../_notifications.ts";
import { receiveOn, status } from "../_receiving_server.ts";
import { sendOnce } from "../_send.ts";

Deno.test("json receiver posts Alertmanager's JSON to path and query of the URL", async () => {
  await using server = receiveOn(() => status(200));
  await sendOnce(`json://${server.host}/hooks/a%20b?key=1&x=%2F`);
  const [request] = server.received;
  assertEquals([request?.method, request?.path], ["POST", "/hooks/a%20b?key=1&x=%2F"]);
  assertEquals(request?.headers.get("content-type"), "application/json");
  assertEquals(request?.headers.has("authorization"), false);
  assertEquals(
    JSON.parse(request!.body),
    JSON.parse(JSON.stringify(toWebhookPayload(notificationOf()))),
  );
});

Deno.test("jsons receiver uses TLS and trusts the configured authority", async () => {
  await using server = receiveOn(() => status(204), { isSecure: true });
  const ca = await Deno.readTextFile(`${import.meta.dirname}/../../transfer/certificate/ca.pem`);
  await sendOnce(`jsons://${server.host}/`, { ca });
  assertEquals(server.received.map(({ method, path }) => `${method} ${path}`), ["POST /"]);
});

Deno.test("json receiver logs in with any characters in user and password", async () => {
  await using server = receiveOn(() => status(200));
  await sendOnce(`json://us%C3%A9r:p%40ss%3A%2F@${server.host}/`);
  const expected = new TextEncoder().encode("usér:p@ss:/");
  assertEquals(server.received[0]?.headers.get("authorization"), `Basic ${btoa(String.fromCharCode(...expected))}`);
});
