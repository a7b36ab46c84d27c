import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { FailureError, type TimedWait } from "../../lib/failsafe/mod.ts";
import { createSocketTransport, type Profile, PROFILES } from "../../lib/transfer/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { transferAlone } from "../helpers/transfer_alone.ts";

const BYTES = new Uint8Array(20_000).fill(7);
const HASTY: Profile = { ...PROFILES.resilient, headerTimeoutMs: 150, stallMs: 200, stallBytes: 100, maxRetries: 1 };

/** Transfer a file from a server and return the waits. */
async function waitsOf(url: string, profile: Profile = HASTY): Promise<readonly TimedWait[]> {
  const waits: TimedWait[] = [];
  await inTempDir(async (folder) => {
    using transport = createSocketTransport();
    const request = { path: join(folder, "a.bin"), identity: {}, resolve: () => Promise.resolve({ url }) };
    const options = {
      transport: transport.send,
      profile,
      onWait: (wait: TimedWait) => waits.push(wait),
      random: () => 0,
    };
    await transferAlone(request, options).catch((error) => {
      if (!(error instanceof FailureError)) throw error;
    });
  });
  return waits;
}

function wordsOf(waits: readonly TimedWait[]): readonly string[] {
  return waits.map(({ step, outcome, attempt }) => `${step} ${outcome} ${attempt}`);
}

Deno.test("transferFile reports the waits for connection, headers and body", async () => {
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => new Response(BYTES));
  const { port } = server.addr;
  const waits = await waitsOf(`http://127.0.0.1:${port}/a?X-Amz-Signature=secret`);
  assertEquals(wordsOf(waits), ["connect ok 1", "headers ok 1", "body ok 1"]);
  for (const wait of waits) {
    assertEquals([wait.host, wait.operation, wait.connectionAgeMs], [`127.0.0.1:${port}`, "transfer", 0]);
    assert(wait.elapsedMs >= 0 && wait.elapsedMs < wait.limitMs, JSON.stringify(wait));
  }
  assertEquals(waits.map(({ limitMs }) => limitMs), [150, 150, 200]);
  assert(!JSON.stringify(waits).includes("secret"));
});

Deno.test("transferFile reports a header timeout with its limit, and then the attempt that succeeds", async () => {
  const never = Promise.withResolvers<Response>();
  let asked = 0;
  const answer = () => asked++ === 0 ? never.promise : new Response(BYTES);
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
  const waits = await waitsOf(`http://127.0.0.1:${server.addr.port}/a`);
  assertEquals(wordsOf(waits), ["connect ok 1", "headers timeout 1", "connect ok 2", "headers ok 2", "body ok 2"]);
  assert(waits[1]!.elapsedMs >= 149, JSON.stringify(waits[1]));
  never.resolve(new Response());
});

Deno.test("transferFile reports a body that stalls", async () => {
  const answer = () =>
    new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(500)) }));
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
  const waits = await waitsOf(`http://127.0.0.1:${server.addr.port}/a`, { ...HASTY, maxRetries: 0 });
  assertEquals(wordsOf(waits), ["connect ok 1", "headers ok 1", "body timeout 1"]);
  assertEquals([waits[2]!.limitMs, waits[2]!.elapsedMs], [200, 200]);
});

Deno.test("transferFile reports a header timeout that strikes before the connection is ready as that step", async () => {
  // The listener accepts connections, but never answers a TLS handshake.
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const profile = { ...HASTY, maxRetries: 0 };
  const silent = listener.accept();
  const waits = await waitsOf(`https://127.0.0.1:${listener.addr.port}/a`, profile);
  assertEquals(wordsOf(waits), ["connect ok 1", "tls timeout 1"]);
  (await silent).close();
});

Deno.test("StallWatch measures the longest wait for the next bytes, without local waits", async () => {
  const { StallWatch } = await import("../../lib/transfer/mod.ts");
  let now = 0;
  const limits = {
    signal: undefined,
    headerTimeoutMs: 1000,
    stallMs: 1e6,
    stallBytes: 10,
    host: "a",
    nowMs: () => now,
  };
  using watch = new StallWatch(limits);
  assertEquals(watch.longestWaitMs, null);
  watch.startStallWindow();
  for (const [at, bytes] of [[5, 10], [9, 4], [30, 4], [40, 2], [41, 100]] as const) {
    now = at;
    watch.recordBytes(bytes);
  }
  // From 5 to 40, fewer than ten bytes arrived.
  assertEquals(watch.longestWaitMs, 35);
  await watch.suspendDuring(Promise.resolve().then(() => now = 500));
  now = 510;
  watch.recordBytes(10);
  assertEquals([watch.longestWaitMs, watch.hasStalled], [35, false]);
});

Deno.test("transferFile reports no wait that the caller aborted", async () => {
  const never = Promise.withResolvers<Response>();
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => never.promise);
  const waits: TimedWait[] = [];
  await inTempDir(async (folder) => {
    using transport = createSocketTransport();
    const url = `http://127.0.0.1:${server.addr.port}/a`;
    const stop = new AbortController();
    const onWait = (wait: TimedWait) => {
      waits.push(wait);
      stop.abort(new Error("enough"));
    };
    const request = { path: join(folder, "a.bin"), identity: {}, resolve: () => Promise.resolve({ url }) };
    await assertRejects(
      () => transferAlone(request, { transport: transport.send, profile: HASTY, onWait, signal: stop.signal }),
      Error,
      "enough",
    );
  });
  assertEquals(wordsOf(waits), ["connect ok 1"]);
  never.resolve(new Response());
});
