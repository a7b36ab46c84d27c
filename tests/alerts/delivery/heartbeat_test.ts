import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { openHeartbeat } from "../../../lib/alerts/mod.ts";
import { KitError } from "../../../lib/base/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { closedPort } from "../../helpers/servers/closed_port.ts";
import { never, receiveOn, status } from "../_receiving_server.ts";

const CHECK = "5a3b0000-s3cr3t";
const calls = (received: readonly { method: string; path: string }[]) =>
  received.map(({ method, path }) => `${method} ${path.replace(CHECK, "CHECK")}`);
/** The `rid` of each run that began, in order. */
const runIds = (received: readonly { path: string }[]) =>
  received.filter(({ path }) => path.includes("/start")).map(({ path }) => path.split("rid=")[1]);

Deno.test("openHeartbeat() implements the protocol of Healthchecks", async () => {
  await using server = receiveOn(() => new Response("OK"));
  const heartbeat = openHeartbeat(`http://${server.host}/${CHECK}/`);
  assertEquals(heartbeat.description, `http://${server.host}/…`);
  const taken = [
    await heartbeat.pingSuccess(),
    await heartbeat.pingStart(),
    await heartbeat.pingSuccess("all well"),
    await heartbeat.pingFailure("no: 失敗"),
    await heartbeat.pingStart(),
    await heartbeat.pingExit(0),
    await heartbeat.pingExit(143, "SIGTERM"),
  ];
  assertEquals(taken, Array(7).fill(true));
  const [first, second] = runIds(server.received);
  assertEquals(calls(server.received), [
    "GET /CHECK",
    `GET /CHECK/start?rid=${first}`,
    `POST /CHECK?rid=${first}`,
    "POST /CHECK/fail",
    `GET /CHECK/start?rid=${second}`,
    `GET /CHECK/0?rid=${second}`,
    "POST /CHECK/143",
  ]);
  assertEquals(server.received.map(({ body }) => body), ["", "", "all well", "no: 失敗", "", "", "SIGTERM"]);
  assertEquals(server.received[3]?.headers.get("content-type"), "text/plain; charset=utf-8");
});

Deno.test("openHeartbeat() keeps the query of a check with a slug", async () => {
  await using server = receiveOn(() => new Response("OK"));
  const heartbeat = openHeartbeat(`http://${server.host}/key/nightly?create=1`, { runId: "r" });
  await heartbeat.pingStart();
  await heartbeat.pingFailure();
  assertEquals(calls(server.received), [
    "GET /key/nightly/start?create=1&rid=r",
    "GET /key/nightly/fail?create=1&rid=r",
  ]);
});

Deno.test("openHeartbeat() identifies each run by a UUID", async () => {
  await using server = receiveOn(() => new Response("OK"));
  const heartbeat = openHeartbeat(`http://${server.host}/${CHECK}`);
  await heartbeat.pingStart();
  await heartbeat.pingStart();
  const ids = runIds(server.received);
  assert(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id!)));
  assert(ids[0] !== ids[1]);
});

Deno.test("openHeartbeat() retries failures that may be temporary", async () => {
  const clock = new FakeClock();
  await using server = receiveOn((_, index) => status(index < 2 ? 502 : 200));
  const heartbeat = openHeartbeat(`http://${server.host}/${CHECK}`, { clock });
  assertEquals([await heartbeat.pingSuccess(), server.received.length, clock.sleeps.length], [true, 3, 2]);
});

Deno.test("openHeartbeat() reports failures without secrets and never throws them", async () => {
  await using hanging = receiveOn(never);
  await using gone = receiveOn(() => status(404));
  await using unknown = receiveOn(() => new Response("OK (not found)"));
  await using moved = receiveOn(() => status(302, { location: "https://elsewhere.example/" }));
  const errors: Error[] = [];
  const cases = {
    [`127.0.0.1:${closedPort()}`]: "refused or broke",
    [hanging.host]: "no answer within",
    [gone.host]: "answered 404",
    [unknown.host]: "no such check",
    [moved.host]: "another host",
  };
  for (const [host, words] of Object.entries(cases)) {
    const timeoutMs = host === hanging.host ? 20 : 60_000;
    const heartbeat = openHeartbeat(`http://${host}/${CHECK}`, {
      timeoutMs,
      clock: new FakeClock(),
      onFailure: (error: Error) => errors.push(error),
    });
    assertEquals(await heartbeat.pingSuccess(), false);
    const error = errors.at(-1)!;
    assertStringIncludes(error.message, words);
    assertStringIncludes(error.message, `"http://${host}/…"`);
    assert(!Deno.inspect(error).includes("s3cr3t"));
  }
  assertEquals(errors.length, 5);
});

Deno.test("openHeartbeat() sends nothing after it is stopped, and reports that", async () => {
  await using server = receiveOn(() => new Response("OK"));
  const errors: string[] = [];
  const heartbeat = openHeartbeat(`http://${server.host}/${CHECK}`, {
    signal: AbortSignal.abort(),
    onFailure: (error: Error) => errors.push(error.message),
  });
  assertEquals([await heartbeat.pingSuccess(), server.received.length], [false, 0]);
  assertEquals(errors, [`Cannot notify "http://${server.host}/…": stopped`]);
});

Deno.test("openHeartbeat() truncates a body that is too long for the service", async () => {
  await using server = receiveOn(() => new Response("OK"));
  await openHeartbeat(`http://${server.host}/${CHECK}`).pingFailure("x".repeat(50_000));
  assertEquals(server.received[0]?.body.length, 10_000);
});

Deno.test("openHeartbeat() reads its URL from the environment", async () => {
  await using server = receiveOn(() => new Response("OK"));
  const env = (name: string) => name === "CHECK_ID" ? CHECK : undefined;
  await openHeartbeat(`http://${server.host}/\${CHECK_ID}`, { env }).pingSuccess();
  assertEquals(calls(server.received), ["GET /CHECK"]);
});

for (
  const url of [
    "",
    "s3cr3t",
    "ftp://h.example/s3cr3t",
    "https://h.example",
    "https://u:s3cr3t@h.example/x",
    "https://h.example/s3cr3t#x",
    "https://h.example/${UNSET}",
  ]
) {
  Deno.test(`openHeartbeat() refuses ${JSON.stringify(url)}`, () => {
    const error = assertThrows(() => openHeartbeat(url, { env: () => undefined }), KitError);
    assertEquals(error.code, "usage");
    assert(!error.message.includes("s3cr3t"));
    assert(error.message.startsWith("Cannot use the heartbeat"), error.message);
  });
}

Deno.test("openHeartbeat() refuses an invalid exit status", async () => {
  const heartbeat = openHeartbeat("https://h.example/x");
  for (const code of [-1, 256, 1.5]) {
    await assertRejects(async () => await heartbeat.pingExit(code), RangeError, "0 to 255");
  }
});
