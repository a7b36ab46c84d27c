import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { FailureError, type TimedWait } from "../../../lib/failsafe/mod.ts";
import { createClient, type RequestNotice, type RequestRetryNotice } from "../../../lib/civitai/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { clientOf, collect, replay, replayFixture } from "../../helpers/servers/replay.ts";

Deno.test("requests are retried after 502, 520, 524 and an unexpected 500", async () => {
  const faults = [
    ["cloudflare_502.html", 502],
    ["cloudflare_520.html", 520],
    ["cloudflare_524.html", 524],
    ["500_unexpected.json", 500],
  ] as const;
  await using server = replay((_, index) => {
    const fault = faults[index];
    return fault === undefined
      ? replayFixture("enums.json")
      : replayFixture(`errors/${fault[0]}`, { status: fault[1] });
  });
  await clientOf(server).enums();
  assertEquals(server.received.length, 5);
});

Deno.test("requests fail after the retries with the last error", async () => {
  await using server = replay(() => replayFixture("errors/cloudflare_502.html", { status: 502 }));
  const error = await assertRejects(() => clientOf(server, { maxRetries: 2 }).enums(), FailureError);
  assertEquals([error.failure, error.status, server.received.length], ["server", 502, 3]);
});

Deno.test("requests wait for the exact Retry-After of a 503", async () => {
  await using server = replay((_, index) =>
    index === 0
      ? replayFixture("errors/503_models_search.json", {
        status: 503,
        headers: { "retry-after": "2", "cache-control": "no-store" },
      })
      : replayFixture("models_empty.json")
  );
  const client = clientOf(server);
  await collect(client.listModels({ query: "x" }));
  assertEquals(client.clock.sleeps, [2000]);
});

Deno.test("requests fail with a Retry-After of hours instead of waiting", async () => {
  await using server = replay(() =>
    replayFixture("errors/429_throttled_trpc.json", { status: 429, headers: { "retry-after": "7200" } })
  );
  const client = clientOf(server);
  const error = await assertRejects(() => client.enums(), FailureError);
  assertEquals([error.failure, error.retryAfterMs, server.received.length], ["throttled", 7_200_000, 1]);
  assertEquals(client.clock.sleeps, []);
});

Deno.test("requests of a throttled lane all wait", async () => {
  await using server = replay((_, index) =>
    index === 0
      ? replayFixture("errors/429_throttled_trpc.json", { status: 429, headers: { "retry-after": "30" } })
      : replayFixture("enums.json")
  );
  const client = clientOf(server, { modelRate: 1000, maxRetries: 0 });
  await assertRejects(() => client.enums(), FailureError);
  await client.enums();
  assertEquals(client.clock.sleeps, [30_000]);
});

Deno.test("requests are paced: one in two seconds for models, two a second for images", async () => {
  await using server = replay(({ url }) =>
    replayFixture(url.pathname.endsWith("images") ? "images_empty_timeout.json" : "enums.json")
  );
  const clock = new FakeClock();
  const client = createClient({ baseUrl: server.url, clock });
  for (let i = 0; i < 3; i++) await client.enums();
  assertEquals(clock.monotonic(), 4000);
  for (let i = 0; i < 3; i++) await collect(client.listImages({ imageId: 1 }));
  assertEquals(clock.monotonic(), 5000);
});

Deno.test("requests time out when a body stalls", async () => {
  await using server = replay(() =>
    new Response(
      new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{"items":[')) }),
    )
  );
  const waits: TimedWait[] = [];
  const client = clientOf(server, { timeoutMs: 500, maxRetries: 0, onWait: (wait) => waits.push(wait) });
  const error = await assertRejects(() => client.enums(), FailureError);
  assertEquals(error.failure, "timeout");
  assertStringIncludes(error.message, "Cannot read the lists of types and base models: no bytes arrived for 500 ms");
  assertEquals(waits.map(({ step, outcome }) => `${step} ${outcome}`), ["headers ok", "body timeout"]);
});

Deno.test("requests report how long headers and bodies took, and which attempt timed out", async () => {
  const never = Promise.withResolvers<Response>();
  await using server = replay((_, index) => index === 0 ? never.promise : replayFixture("enums.json"));
  const waits: TimedWait[] = [];
  await clientOf(server, { timeoutMs: 1000, onWait: (wait) => waits.push(wait) }).enums();
  assertEquals(waits.map(({ step, outcome, attempt }) => `${step} ${outcome} ${attempt}`), [
    "headers timeout 1",
    "headers ok 2",
    "body ok 2",
  ]);
  for (const { operation, host, limitMs, connectionAgeMs } of waits) {
    assertEquals([operation, host, limitMs, connectionAgeMs], ["api", new URL(server.url).host, 1000, null]);
  }
  assert(waits[0]!.elapsedMs >= 0 && waits[1]!.elapsedMs < 1000);
  never.resolve(new Response());
});

Deno.test("requests refuse a body above the limit, and read one above a megabyte", async () => {
  const body = JSON.stringify({ ModelType: Array.from({ length: 300_000 }, () => "LongWord") });
  await using server = replay(() => new Response(body, { headers: { "content-type": "application/json" } }));
  assertEquals((await clientOf(server).enums()).modelTypes.length, 300_000);
  const error = await assertRejects(() => clientOf(server, { maxBodyBytes: 1_000_000 }).enums(), FailureError);
  assertEquals([error.failure, error.retryable, server.received.length], ["server", false, 2]);
});

Deno.test("requests are retried after truncated JSON", async () => {
  await using server = replay((_, index) =>
    index === 0 ? new Response('{"ModelType":["LO') : replayFixture("enums.json")
  );
  await clientOf(server).enums();
  assertEquals(server.received.length, 2);
});

Deno.test("requests report a refused connection", async () => {
  const server = replay(() => new Response());
  await server[Symbol.asyncDispose]();
  const error = await assertRejects(() => clientOf(server, { maxRetries: 0 }).enums(), FailureError);
  assertEquals([error.failure, error.exitCode], ["connection", 6]);
  assertStringIncludes(error.message, "Cannot read the lists of types and base models: ");
});

Deno.test("requests detect a wrong base URL by its web page, without retries", async () => {
  await using server = replay(() =>
    new Response("<!DOCTYPE html><title>Hotel</title>", { headers: { "content-type": "text/html" } })
  );
  const error = await assertRejects(() => clientOf(server).enums(), FailureError);
  assertEquals([error.failure, server.received.length], ["unusable", 1]);
  assertStringIncludes(error.hint ?? "", "captive portal");
});

Deno.test("requests report a response of the wrong shape, without retries", async () => {
  await using server = replay(() => Response.json({ hello: "world" }));
  const error = await assertRejects(() => clientOf(server).model(1), FailureError);
  assertEquals([error.failure, error.retryable, server.received.length], ["server", false, 1]);
  assertStringIncludes(error.message, 'Cannot read model 1: "id" is missing');
});

Deno.test("requests follow redirects only within the origin", async () => {
  await using other = replay(() => replayFixture("enums.json"));
  await using server = replay(({ url }) =>
    url.pathname === "/new" ? replayFixture("enums.json") : new Response(null, {
      status: 308,
      headers: { location: url.pathname.endsWith("enums") ? "/new" : `${other.url}/api/v1/me` },
    })
  );
  await clientOf(server).enums();
  const error = await assertRejects(() => clientOf(server).me(), FailureError, "redirects to");
  assertEquals([error.failure, error.retryable, other.received.length], ["server", false, 0]);
});

Deno.test("requests fail in a redirect loop and never repeat a POST elsewhere", async () => {
  await using server = replay(({ url }) => new Response(null, { status: 307, headers: { location: url.pathname } }));
  await assertRejects(() => clientOf(server).enums(), FailureError, "redirects to");
  assertEquals(server.received.length, 6);
  await assertRejects(() => clientOf(server).versionIdsByHashes(["a".repeat(64)]), FailureError, "redirects to");
  assertEquals(server.received.length, 7);
});

Deno.test("requests stop at the caller's signal while waiting for headers, with its reason", async () => {
  const never = Promise.withResolvers<Response>();
  const stop = new AbortController();
  await using server = replay(() => {
    stop.abort(new Error("user stopped"));
    return never.promise;
  });
  await assertRejects(() => clientOf(server).enums({ signal: stop.signal }), Error, "user stopped");
  never.resolve(new Response());
});

Deno.test("requests stop at the caller's signal during a body", async () => {
  const stop = new AbortController();
  await using server = replay(() =>
    new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode("{")),
        pull: () => stop.abort(new Error("user stopped")),
      }, { highWaterMark: 2 }),
    )
  );
  await assertRejects(() => clientOf(server).enums({ signal: stop.signal }), Error, "user stopped");
});

Deno.test("requests are not sent if the signal is already aborted", async () => {
  await using server = replay(() => replayFixture("enums.json"));
  await assertRejects(
    () => clientOf(server).enums({ signal: AbortSignal.abort(new Error("too late")) }),
    Error,
    "too late",
  );
  assertEquals(server.received.length, 0);
});

Deno.test("requests are reported to onRequest and waits to onRetry, by the client's clock", async () => {
  const requests: RequestNotice[] = [];
  const retries: RequestRetryNotice[] = [];
  await using server = replay((_, index) =>
    replayFixture(index === 0 ? "errors/cloudflare_502.html" : "enums.json", { status: index === 0 ? 502 : 200 })
  );
  const client = clientOf(server, {
    onRequest: (notice) => void requests.push(notice),
    onRetry: (notice) => void retries.push(notice),
  });
  await client.enums();
  assertEquals(requests.map(({ method, what, status }) => [method, what, status]), [
    ["GET", "read the lists of types and base models", 502],
    ["GET", "read the lists of types and base models", 200],
  ]);
  assert(requests[0]?.url.endsWith("/api/v1/enums"));
  assertEquals(retries.map(({ attempt, waitMs, failure }) => [attempt, waitMs, failure]), [[1, 500, "server"]]);
  assertStringIncludes(retries[0]?.message ?? "", "502: Bad gateway");
});

Deno.test("requests name the host that the runtime denies", async () => {
  const refuse = () => Promise.reject(new Deno.errors.NotCapable('Requires net access to "civitai.com:443"'));
  const error = await assertRejects(() => createClient({ fetch: refuse }).enums(), FailureError);
  assertEquals(error.failure, "refused-host");
  assertStringIncludes(error.hint ?? "", "--allow-net=civitai.com");
});

Deno.test("requests show no token, even if the server echoes it", async () => {
  await using server = replay(({ headers }) =>
    Response.json({ error: `bad ${headers.get("authorization")}` }, { status: 400 })
  );
  const error = await assertRejects(() => clientOf(server, { token: "tok_0123456789" }).enums(), FailureError);
  assertEquals([error.failure, error.message.includes("tok_0123456789")], ["rejected", false]);
});

/** Fails like a missing name server on request; counts its lookups. */
function unreliableNames() {
  const state = { asked: 0, failing: 0 };
  const fetch = () => {
    state.asked++;
    if (state.failing-- > 0) {
      return Promise.reject(new TypeError("error sending request: dns error: failed to lookup address information"));
    }
    return Promise.resolve(replayFixture("enums.json"));
  };
  return { state, client: createClient({ fetch, clock: new FakeClock(), random: () => 0.5 }) };
}

Deno.test("requests are sent twice when a name has no address, if the service has never answered", async () => {
  const { state, client } = unreliableNames();
  state.failing = Infinity;
  const error = await assertRejects(() => client.enums(), FailureError, "the host name has no address");
  assertEquals([error.failure, state.asked], ["dns", 2]);
});

Deno.test("requests continue after one failed lookup without a prior check, before the first response", async () => {
  const { state, client } = unreliableNames();
  state.failing = 1;
  await client.enums();
  assertEquals(state.asked, 2);
});

Deno.test("requests are retried less while nothing has ever responded, if unansweredRetries says so", async () => {
  let sent = 0;
  let isUp = false;
  const fetch = () => {
    sent++;
    return isUp ? Promise.resolve(replayFixture("enums.json")) : Promise.reject(new TypeError("connection refused"));
  };
  const client = createClient({ fetch, clock: new FakeClock(), random: () => 0.5, unansweredRetries: 2 });
  const error = await assertRejects(() => client.enums(), FailureError);
  assertEquals([error.failure, sent], ["connection", 3]);
  isUp = true;
  await client.enums();
  isUp = false;
  sent = 0;
  await assertRejects(() => client.enums(), FailureError);
  assertEquals(sent, 6);
});

Deno.test("requests wait for name resolution once the service has responded", async () => {
  const { state, client } = unreliableNames();
  await client.enums();
  state.failing = 4;
  await client.enums();
  assertEquals(state.asked, 6);
});

Deno.test("requests fail after the patience without a response, regardless of remaining retries", async () => {
  const clock = new FakeClock();
  const refuse = () => Promise.reject(new Deno.errors.ConnectionRefused("refused"));
  const client = createClient({ fetch: refuse, clock, random: () => 1, maxRetries: 100, patienceMs: 3000 });
  const before = clock.now();
  const error = await assertRejects(() => client.enums(), FailureError);
  assert(clock.now() - before <= 6000, `${clock.now() - before} ms`);
  assertEquals(error.failure, "connection");
});

Deno.test("requests stop after an abort without parsing the long response", async () => {
  const text = JSON.stringify({ ModelType: ["LORA"], filler: "x".repeat(5 << 20) });
  const controller = new AbortController();
  const chunks = function* () {
    yield new TextEncoder().encode(text);
    setTimeout(() => controller.abort(new DOMException("over", "AbortError")), 0);
  };
  let kept = 0;
  const client = createClient({
    clock: new FakeClock(),
    lookUp: null,
    fetch: () => Promise.resolve(new Response(ReadableStream.from(chunks()), { headers: { etag: '"1"' } })),
    cache: { get: () => null, put: () => void kept++ },
  });
  await assertRejects(() => client.enums({ signal: controller.signal }), DOMException, "over");
  assertEquals(kept, 0);
});
