import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { EventEmitter } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { listen, systemClock } from "../../../lib/base/mod.ts";
import { EventHub } from "../../../lib/app/http/event_hub.ts";
import { EventClock, settle } from "../../helpers/event_clock.ts";
import { nextEvent, readEvents } from "./_read_events.ts";
import { quietStatus, sampleStatus } from "../../helpers/servers/sample_status.ts";
import { startServer } from "../../helpers/servers/status_server.ts";

Deno.test("/api/v1/events starts with the current state and sends each published one", async () => {
  await using test = await startServer();
  const answer = await fetch(`${test.url}/api/v1/events`);
  assertEquals(answer.headers.get("content-type"), "text/event-stream");
  const events = readEvents(answer);
  const hello = await nextEvent(events);
  assertEquals([hello.event, hello.retry, JSON.parse(hello.data)], ["hello", "2000", { beatMs: 15_000 }]);
  const first = await nextEvent(events);
  assertEquals([first.event, JSON.parse(first.data)], ["status", JSON.parse(JSON.stringify(test.status))]);
  test.status = quietStatus();
  await test.server.publish("status");
  const second = await nextEvent(events);
  assertEquals(JSON.parse(second.data), JSON.parse(JSON.stringify(test.status)));
  assert(first.id !== second.id && /^\w+-\d+$/.test(second.id!));
  await events.return(undefined);
});

Deno.test("/api/v1/events sends the current state for any Last-Event-ID", async () => {
  await using test = await startServer();
  for (const id of ["x", "-1", "9".repeat(5000), "a\u00e9"]) {
    const events = readEvents(await fetch(`${test.url}/api/v1/events`, { headers: { "last-event-id": id } }));
    assertEquals((await nextEvent(events)).event, "hello");
    assertEquals((await nextEvent(events)).event, "status");
    await events.return(undefined);
  }
});

Deno.test("/api/v1/events sends a comment and an event as keep-alive", async () => {
  const clock = new EventClock();
  await using test = await startServer({ clock, beatMs: 15_000 });
  const events = readEvents(await fetch(`${test.url}/api/v1/events`));
  await nextEvent(events);
  await nextEvent(events);
  await clock.run(15_000);
  const beat = await nextEvent(events);
  assertEquals([beat.event, beat.data, beat.id, beat.comments], ["beat", "", null, [": beat"]]);
  await events.return(undefined);
});

Deno.test("/api/v1/events accepts a limited number of readers, and another one when one leaves", async () => {
  await using test = await startServer({ maxClients: 2 });
  const open = (): Promise<Response> => fetch(`${test.url}/api/v1/events`);
  const first = await open();
  const second = await open();
  const third = await open();
  assertEquals([third.status, third.headers.get("retry-after")], [503, "30"]);
  assertMatch(await third.text(), /too many clients/);
  await first.body!.cancel();
  while (test.server.clients > 1) await settle();
  const fourth = await open();
  assertEquals(fourth.status, 200);
  await Promise.all([second, fourth].map((answer) => answer.body!.cancel()));
});

Deno.test("/api/v1/events opens no stream for HEAD", async () => {
  await using test = await startServer();
  const answer = await fetch(`${test.url}/api/v1/events`, { method: "HEAD" });
  assertEquals([answer.status, answer.headers.get("content-type")], [200, "text/event-stream"]);
  assertEquals(test.server.clients, 0);
});

Deno.test("/api/v1/events drops a reader that does not read, and buffers at most one state for it", async () => {
  const clock = new EventClock();
  const wide = { ...sampleStatus(), failures: [{ ...sampleStatus().failures[0]!, message: "x".repeat(1 << 20) }] };
  await using test = await startServer({ clock, beatMs: 10_000, first: wide });
  const { port } = test.server;
  using stuck = await Deno.connect({ hostname: "127.0.0.1", port });
  await stuck.write(new TextEncoder().encode(`GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`));
  const reading = readEvents(await fetch(`${test.url}/api/v1/events`));
  await nextEvent(reading);
  while (test.server.clients < 2) await settle();
  // The system buffers some megabytes before the reader counts as behind.
  for (let round = 0; test.server.clients === 2; round++) {
    assert(round < 100, "the reader that takes nothing is still there");
    await test.server.publish("status");
    await nextEvent(reading);
    clock.advance(round < 40 ? 0 : 25_000);
  }
  assertEquals(test.server.clients, 1);
  await test.server.publish("status");
  assertEquals((await nextEvent(reading)).event, "status");
  await reading.return(undefined);
});

Deno.test("/api/v1/events survives readers that disconnect during a send", async () => {
  await using test = await startServer();
  const { port } = test.server;
  const readers = await Promise.all(Array.from({ length: 10 }, async () => {
    const reader = await Deno.connect({ hostname: "127.0.0.1", port });
    await reader.write(new TextEncoder().encode(`GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`));
    return reader;
  }));
  while (test.server.clients < 10) await settle();
  for (const reader of readers) {
    // Data sent to it stays unread, so the system resets the connection at the next write.
    reader.close();
    await test.server.publish("status");
  }
  while (test.server.clients > 0) {
    await test.server.publish("status");
    await settle();
  }
  assertEquals((await fetch(`${test.url}/api/v1/status`).then((answer) => answer.json())).version, 1);
});

Deno.test("close() ends all streams, including those of readers that do not read", async () => {
  const wide = { ...sampleStatus(), failures: [{ ...sampleStatus().failures[0]!, message: "x".repeat(8 << 20) }] };
  const test = await startServer({ first: wide });
  const { port } = test.server;
  using stuck = await Deno.connect({ hostname: "127.0.0.1", port });
  await stuck.write(new TextEncoder().encode(`GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`));
  while (test.server.clients < 1) await settle();
  await Promise.all([test.server.close(), test.server.close()]);
  assertEquals(test.server.clients, 0);
});

Deno.test("a keep-alive that is due when the streams end is written to none of them", async () => {
  const hub = new EventHub({
    states: { status: quietStatus },
    maxClients: 1,
    beatMs: 15_000,
    retryMs: 2000,
    toText: JSON.stringify,
    clock: systemClock,
  });
  const server = createServer(async (_, response) => {
    const open = await hub.join(new AbortController().signal);
    response.writeHead(200);
    open(response);
    hub.close();
    hub.beat();
  });
  const port = await listen(server, { hostname: "127.0.0.1", port: 0 });
  assertMatch(await (await fetch(`http://127.0.0.1:${port}/`)).text(), /event: status/);
  await new Promise((resolve) => server.close(resolve));
});

Deno.test("/api/v1/events sends the state of every event at first, and those without a state when they happen", async () => {
  let queued = 1;
  await using test = await startServer({ states: { queue: () => Promise.resolve({ queued }) } });
  const events = readEvents(await fetch(`${test.url}/api/v1/events`));
  const names: string[] = [];
  for (let count = 0; count < 3; count++) names.push((await nextEvent(events)).event);
  assertEquals(names, ["hello", "status", "queue"]);
  queued = 2;
  await test.server.publish("queue");
  assertEquals(JSON.parse((await nextEvent(events)).data), { queued: 2 });
  test.server.send("plan", { id: "a" });
  const { event, data } = await nextEvent(events);
  assertEquals([event, JSON.parse(data)], ["plan", { id: "a" }]);
  await events.return(undefined);
});

/** A hub whose time stands still. */
function openHub(states: ConstructorParameters<typeof EventHub>[0]["states"] = {}): EventHub {
  return new EventHub({
    states,
    maxClients: 1,
    beatMs: 15_000,
    retryMs: 2000,
    toText: JSON.stringify,
    clock: new EventClock(),
  });
}

/** A hub with one client whose response takes nothing until it is drained, and what was written to it. */
async function openSlowClient(states: ConstructorParameters<typeof EventHub>[0]["states"] = {}) {
  const hub = openHub(states);
  const written: string[] = [];
  const response = Object.assign(new EventEmitter(), {
    writableNeedDrain: false,
    write: (text: string) => void written.push(...(/data: (.*)/.exec(text)?.slice(1) ?? [])),
    end: () => {},
    destroy: () => {},
  });
  (await hub.join(new AbortController().signal))(response as unknown as ServerResponse);
  written.length = 0;
  return { hub, response, written };
}

Deno.test("EventHub keeps the newest of each event for a slow client, and of each key", async () => {
  const { hub, response, written } = await openSlowClient();
  response.writableNeedDrain = true;
  for (const count of [1, 2, 3]) {
    hub.send("status", { count });
    hub.send("plan", { id: "a", count }, { key: "plan a" });
    hub.send("plan", { id: "b", count }, { key: "plan b" });
    hub.beat();
  }
  assertEquals(written, []);
  response.writableNeedDrain = false;
  response.emit("drain");
  assertEquals(written.map((text) => JSON.parse(text)), [
    { count: 3 },
    { id: "a", count: 3 },
    { id: "b", count: 3 },
  ]);
});

Deno.test("EventHub reads a state once for all calls while it is being read, and then sends the newest", async () => {
  const reads: PromiseWithResolvers<number>[] = [];
  let isReady = false;
  const { hub, written } = await openSlowClient({
    queue() {
      if (!isReady) return 0;
      reads.push(Promise.withResolvers());
      return reads.at(-1)!.promise;
    },
  });
  isReady = true;
  const calls = [hub.publish("queue"), hub.publish("queue"), hub.publish("queue")];
  assertEquals(reads.length, 1);
  reads[0]!.resolve(1);
  while (reads.length < 2) await settle();
  reads[1]!.resolve(2);
  await Promise.all(calls);
  assertEquals([written, reads.length], [["1", "2"], 2]);
});

Deno.test("EventHub gives a new client what was published while its first state was read", async () => {
  const first = Promise.withResolvers<number>();
  const hub = openHub({ queue: () => first.promise });
  const joining = hub.join(new AbortController().signal);
  hub.send("queue", "newer");
  first.resolve(0);
  let written = "";
  const response = Object.assign(new EventEmitter(), { write: (text: string) => (written += text) });
  (await joining)(response as unknown as ServerResponse);
  assertEquals([...written.matchAll(/^data: (.*)$/gm)].map(([, data]) => data), ['{"beatMs":15000}', '"newer"']);
});

Deno.test("EventHub forgets a client that leaves before its response began, or whose state cannot be read", async () => {
  const hub = openHub({ queue: () => Promise.reject(new Error("unreadable")) });
  await assertRejects(() => hub.join(new AbortController().signal), Error, "unreadable");
  assertEquals(hub.size, 0);
  const leaving = new AbortController();
  const joined = openHub();
  await joined.join(leaving.signal);
  assertEquals([joined.size, joined.hasRoom], [1, false]);
  leaving.abort();
  assertEquals([joined.size, joined.hasRoom], [0, true]);
});
