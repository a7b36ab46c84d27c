import { assertEquals, assertRejects } from "@std/assert";
import { createFetchTransport } from "../../../lib/transfer/mod.ts";

/** A body that brings a few bytes, then nothing, and ignores an abort. */
function silentBody(): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    type: "bytes",
    start: (controller) => controller.enqueue(new Uint8Array([1, 2, 3])),
  });
}

Deno.test("createFetchTransport() ends a pending read at an abort, even if fetch does not", async () => {
  using transport = createFetchTransport({ fetch: () => Promise.resolve(new Response(silentBody())) });
  const stop = new AbortController();
  await using answer = await transport.send("http://127.0.0.1/", { headers: {}, signal: stop.signal });
  const target = new Uint8Array(10);
  assertEquals(await answer.read(target), 3);
  const reason = new Error("stalled");
  const waiting = assertRejects(() => answer.read(target), Error, "stalled");
  stop.abort(reason);
  await waiting;
  await assertRejects(() => answer.read(target), Error, "stalled");
});

Deno.test("createFetchTransport() reads a body to its end in pieces of the caller's size", async () => {
  const body = new Blob(["12345"]).stream();
  using transport = createFetchTransport({ fetch: () => Promise.resolve(new Response(body)) });
  await using answer = await transport.send("http://127.0.0.1/", { headers: {}, signal: new AbortController().signal });
  const target = new Uint8Array(4);
  assertEquals([await answer.read(target), await answer.read(target), await answer.read(target)], [4, 1, null]);
});

Deno.test("createFetchTransport() treats a response without a body as empty", async () => {
  const answerNothing = () => Promise.resolve(new Response(null, { status: 204 }));
  using transport = createFetchTransport({ fetch: answerNothing });
  await using answer = await transport.send("http://127.0.0.1/", { headers: {}, signal: new AbortController().signal });
  assertEquals([answer.status, await answer.read(new Uint8Array(4))], [204, null]);
});
