import { assertEquals } from "@std/assert";
import { Failsafe, outcomeOfError } from "../../../lib/failsafe/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { closedPort } from "../../helpers/servers/closed_port.ts";

/** A real server that holds its responses until the test releases them all. */
function startServer() {
  let requests = 0;
  let isWell = false;
  const gate = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async () => {
    requests++;
    if (!isWell) return new Response("broken", { status: 500 });
    if (requests === 3) arrived.resolve();
    await gate.promise;
    return new Response("well");
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    requests: () => requests,
    heal() {
      requests = 0;
      isWell = true;
    },
    threeArrived: arrived.promise,
    answer: () => gate.resolve(),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A program with a fallback. */
async function fetchOrFallBack(failsafe: Failsafe, url: string): Promise<"fetched" | "failed" | "fallback"> {
  using admission = failsafe.admit(new URL(url).host);
  if (admission.type === "refused") return "fallback";
  try {
    const response = await fetch(url);
    await response.body?.cancel();
    admission.finish(response.ok ? { type: "ok", durationMs: 1 } : { type: "failed", failure: "server" });
    return response.ok ? "fetched" : "failed";
  } catch (error) {
    admission.finish(outcomeOfError(error));
    return "failed";
  }
}

Deno.test("a breaker admits exactly three of a hundred concurrent calls after its wait", async () => {
  await using server = startServer();
  const clock = new FakeClock();
  const failsafe = Failsafe.inMemory({ clock });
  for (let i = 0; i < 10; i++) {
    clock.advance(1200);
    assertEquals(await fetchOrFallBack(failsafe, server.url), "failed");
  }
  assertEquals(await fetchOrFallBack(failsafe, server.url), "fallback");
  assertEquals(server.requests(), 10);
  server.heal();
  clock.advance(10_000);
  const calls = Array.from({ length: 100 }, () => fetchOrFallBack(failsafe, server.url));
  await server.threeArrived;
  assertEquals(server.requests(), 3);
  server.answer();
  const ends = Object.groupBy(await Promise.all(calls), (end) => end);
  assertEquals([ends.fetched?.length, ends.fallback?.length, ends.failed], [3, 97, undefined]);
  assertEquals([server.requests(), failsafe.status().breakers[0]!.state], [3, "closed"]);
  assertEquals(await fetchOrFallBack(failsafe, server.url), "fetched");
});

Deno.test("a breaker opens after five calls to a port without a listener", async () => {
  const url = `http://127.0.0.1:${closedPort()}/`;
  const clock = new FakeClock();
  const failsafe = Failsafe.inMemory({ clock });
  const ends: string[] = [];
  for (let i = 0; i < 8; i++) ends.push(await fetchOrFallBack(failsafe, url));
  assertEquals(ends, [...Array(5).fill("failed"), ...Array(3).fill("fallback")]);
  assertEquals(failsafe.status().breakers[0]!.reason, "cannot be reached: 5 calls in a row failed");
  clock.advance(15_000);
  for (let i = 0; i < 3; i++) await fetchOrFallBack(failsafe, url);
  assertEquals(failsafe.status().breakers[0]!.reason, "cannot be reached: 2 of 3 probes failed");
});
