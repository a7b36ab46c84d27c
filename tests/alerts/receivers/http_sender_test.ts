import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { parseReceiverUrl } from "../../../lib/alerts/mod.ts";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { notificationOf } from "../_notifications.ts";
import { closedPort } from "../../helpers/servers/closed_port.ts";
import { never, receiveOn, status } from "../_receiving_server.ts";
import { sendOnce } from "../_send.ts";

/** The failure of a delivery; no part of the error may contain the secret. */
async function failureOf(url: string): Promise<FailureError> {
  const error = await assertRejects(() => sendOnce(url), FailureError);
  assert(!Deno.inspect(error).includes("s3cr3t"), Deno.inspect(error));
  assertStringIncludes(error.message, 'Cannot notify "');
  return error;
}

Deno.test("HTTP receivers may retry a refused connection", async () => {
  const error = await failureOf(`json://127.0.0.1:${closedPort()}/s3cr3t`);
  assertEquals([error.failure, error.retryable], ["connection", true]);
});

Deno.test("HTTP receivers fail if the server does not use TLS", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    using conn = await listener.accept();
    await conn.write(new TextEncoder().encode("220 garbage\r\n".repeat(10)));
  })();
  const error = await failureOf(`jsons://127.0.0.1:${(listener.addr as Deno.NetAddr).port}/s3cr3t`);
  assert(error.failure === "connection" || error.failure === "tls", error.failure);
  await serving;
  listener.close();
});

Deno.test("HTTP receivers do not retry an untrusted certificate", async () => {
  await using server = receiveOn(() => status(200), { isSecure: true });
  const error = await failureOf(`jsons://${server.host}/s3cr3t`);
  assertEquals([error.failure, error.retryable], ["tls", false]);
  assertEquals(server.received.length, 0);
});

for (
  const [code, failure, retryable] of [
    [400, "rejected", false],
    [401, "login", false],
    [403, "forbidden", false],
    [404, "gone", false],
    [408, "timeout", true],
    [410, "gone", false],
    [413, "rejected", false],
    [429, "throttled", true],
    [500, "server", true],
    [503, "server", true],
    [304, "rejected", false],
  ] as const
) {
  Deno.test(`HTTP receivers treat status ${code} as not delivered: ${failure}`, async () => {
    await using server = receiveOn(() => status(code));
    const error = await failureOf(`json://${server.host}/s3cr3t`);
    assertEquals([error.failure, error.status, error.retryable], [failure, code, retryable]);
    assertStringIncludes(error.message, `json://${server.host}/…`);
    assertStringIncludes(error.message, `${code}`);
  });
}

Deno.test("HTTP receivers do not follow a redirect to another host, and report it", async () => {
  await using other = receiveOn(() => status(200));
  for (const code of [301, 302, 303, 307, 308]) {
    await using server = receiveOn(() => status(code, { location: `http://${other.host}/s3cr3t` }));
    const error = await failureOf(`json://${server.host}/s3cr3t`);
    assertEquals([error.failure, error.retryable], ["refused-host", false]);
    assertStringIncludes(error.message, `another host, "http://${other.host}"`);
  }
  assertEquals(other.received.length, 0);
});

Deno.test("HTTP receivers follow a redirect within the host that keeps the body", async () => {
  await using server = receiveOn((request) => request.path === "/a" ? status(308, { location: "/b" }) : status(200));
  await sendOnce(`json://${server.host}/a`);
  assertEquals(server.received.map(({ method, path }) => `${method} ${path}`), ["POST /a", "POST /b"]);
  assertEquals(server.received[0]?.body, server.received[1]?.body);
});

Deno.test("HTTP receivers refuse a redirect that would lose the body, and an endless one", async () => {
  await using lossy = receiveOn(() => status(302, { location: "/b" }));
  assertEquals((await failureOf(`json://${lossy.host}/a`)).failure, "rejected");
  assertEquals(lossy.received.length, 1);
  await using endless = receiveOn(() => status(307, { location: "/a" }));
  assertStringIncludes((await failureOf(`json://${endless.host}/a`)).message, "more than 3 redirects");
  assertEquals(endless.received.length, 4);
});

Deno.test("HTTP receivers report Retry-After and respect it in later calls", async () => {
  const clock = new FakeClock();
  await using server = receiveOn((_, index) => index === 0 ? status(429, { "retry-after": "60" }) : status(200));
  const receiver = parseReceiverUrl(`json://${server.host}/x`, { clock });
  const send = () => receiver.send(notificationOf(), { signal: new AbortController().signal });
  assertEquals((await assertRejects(send, FailureError)).retryAfterMs, 60_000);
  clock.advance(59_000);
  const early = await assertRejects(send, FailureError);
  assertEquals([early.failure, early.retryAfterMs], ["throttled", 1000]);
  assertEquals(server.received.length, 1);
  clock.advance(1000);
  await send();
  assertEquals(server.received.length, 2);
});

Deno.test("HTTP receivers cap a Retry-After of a year at an hour", async () => {
  const clock = new FakeClock();
  await using server = receiveOn((_, index) => index === 0 ? status(503, { "retry-after": "31536000" }) : status(200));
  const receiver = parseReceiverUrl(`json://${server.host}/x`, { clock });
  const send = () => receiver.send(notificationOf(), { signal: new AbortController().signal });
  await assertRejects(send, FailureError);
  clock.advance(3_599_000);
  await assertRejects(send, FailureError, "the service asked to wait");
  clock.advance(1000);
  await send();
});

for (const body of [{ retry_after: 1.5 }, { ok: false, parameters: { retry_after: 1.5 } }]) {
  Deno.test(`HTTP receivers read a wait from JSON: ${JSON.stringify(body)}`, async () => {
    await using server = receiveOn(() => Response.json(body, { status: 429 }));
    assertEquals((await failureOf(`json://${server.host}/x`)).retryAfterMs, 1500);
  });
}

Deno.test("HTTP receivers treat a 429 with an endless or broken body as a 429", async () => {
  const bodies = ["{", "[]", "x".repeat(100_000), '{"retry_after":-1}'];
  await using server = receiveOn((_, index) => new Response(bodies[index], { status: 429 }));
  for (const _ of bodies) assertEquals((await failureOf(`json://${server.host}/x`)).retryAfterMs, undefined);
});

Deno.test("HTTP receivers end a hanging delivery with the reason of its signal", async () => {
  const stop = new AbortController();
  const reason = new Error("enough");
  await using server = receiveOn(() => {
    stop.abort(reason);
    return never();
  });
  const receiver = parseReceiverUrl(`json://${server.host}/x`);
  const error = await assertRejects(() => receiver.send(notificationOf(), { signal: stop.signal }), Error);
  assertEquals(error, reason);
});

Deno.test("HTTP receivers report a connection that the runtime denies", async () => {
  const barred = () => Promise.reject(new Deno.errors.NotCapable("Requires net access to s3cr3t"));
  const error = await assertRejects(() => sendOnce("jsons://h.example/s3cr3t", { fetch: barred }), FailureError);
  assertEquals([error.failure, error.retryable], ["rejected", false]);
  assertStringIncludes(error.hint!, "--allow-net");
  assert(!Deno.inspect(error).includes("s3cr3t"));
});
