import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { type Sandbox, type SandboxExchange, startSandbox, type ToxicRule } from "../../../lib/sandbox/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { api, call, resolve, signedIn } from "../_call.ts";

const FILE = 1_000_000;

function start(...toxics: ToxicRule[]): Promise<Sandbox> {
  return startSandbox({ outcomes: {}, requireLogin: 0, fileSizes: [300_000], toxics, clock: new FakeClock() });
}

async function body(url: string, headers: Record<string, string> = {}): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(url, { headers })).arrayBuffer());
}

Deno.test("Toxic latency, jitter and bandwidth wait by the sandbox's clock", async () => {
  const clock = new FakeClock();
  const toxics: ToxicRule[] = [
    { type: "latency", ms: 80, on: ["api"] },
    { type: "jitter", ms: 50, on: ["download"] },
    { type: "bandwidth", bytesPerSecond: 100_000 },
  ];
  await using sandbox = await startSandbox({ outcomes: {}, fileSizes: [300_000], toxics, clock, latencyMs: 5 });
  await api(sandbox, "/enums");
  assertEquals(clock.sleeps, [85]);
  const url = await resolve(sandbox, FILE);
  assert(clock.sleeps[1]! > 5 && clock.sleeps[1]! < 55);
  const before = clock.monotonic();
  await body(url);
  assert(Math.abs(clock.monotonic() - before - 3005) < 1);
});

Deno.test("Toxic reset and truncate break a body, and a resumed download completes", async () => {
  for (const type of ["reset", "truncate"] as const) {
    await using sandbox = await start({ type, atByte: 200_000 });
    const url = await resolve(sandbox, FILE);
    await assertRejects(() => body(url));
    assertEquals(await body(url, { Range: "bytes=200000-" }), sandbox.bytesOf(FILE, 200_000));
  }
});

Deno.test("Sandbox.setToxics() hits equal requests with equal rules, whatever was requested before", async () => {
  const rule: ToxicRule = { type: "serverError", rate: 0.5, seed: 3 };
  await using sandbox = await startSandbox({ outcomes: {}, requireLogin: 0 });
  const statuses = async (): Promise<readonly number[]> => {
    sandbox.setToxics([rule]);
    const seen: number[] = [];
    for (let attempt = 0; attempt < 12; attempt++) {
      const { status, body } = await fetch(`${sandbox.apiOrigin}/api/v1/models?limit=1`);
      await body?.cancel();
      seen.push(status);
    }
    return seen;
  };
  const first = await statuses();
  assertEquals(new Set(first).size > 1, true);
  assertEquals(await statuses(), first);
});

Deno.test("Toxics silence and stall tell how long the line was silent, once the client has ended it", async () => {
  const ended: SandboxExchange[] = [];
  const onExchange = (exchange: SandboxExchange): void => void ended.push(exchange);
  await using sandbox = await startSandbox({ outcomes: {}, requireLogin: 0, fileSizes: [300_000], onExchange });
  const url = await resolve(sandbox, FILE);
  const attempt = async (...toxics: ToxicRule[]): Promise<SandboxExchange> => {
    sandbox.setToxics(toxics);
    ended.length = 0;
    await fetch(url, { signal: AbortSignal.timeout(100) }).then((response) => response.arrayBuffer()).catch(() => {});
    while (ended.length === 0) await new Promise((wake) => setTimeout(wake, 5));
    return ended[0]!;
  };
  const silent = await attempt({ type: "silence" });
  assertEquals([silent.silence?.step, silent.bytes, silent.item], ["headers", 0, { kind: "file", id: FILE }]);
  assert(silent.silence!.ms > 0 && silent.startedMs > 0);
  const stalled = await attempt({ type: "stall", atByte: 100_000 });
  assertEquals([stalled.silence?.step, stalled.bytes], ["body", 100_000]);
  assertEquals((await attempt()).silence, null);
});

Deno.test("Toxic trickle tells how long the line was slow: until the client ended it, or until it became fast", async () => {
  const ended: SandboxExchange[] = [];
  const onExchange = (exchange: SandboxExchange): void => void ended.push(exchange);
  await using sandbox = await startSandbox({ outcomes: {}, requireLogin: 0, fileSizes: [300_000], onExchange });
  const url = await resolve(sandbox, FILE);
  const attempt = async (forMs: number, patienceMs: number): Promise<SandboxExchange> => {
    sandbox.setToxics([{ type: "trickle", bytesPerSecond: 40, forMs }]);
    ended.length = 0;
    await fetch(url, { signal: AbortSignal.timeout(patienceMs) }).then((response) => response.arrayBuffer()).catch(
      () => {},
    );
    while (ended.length === 0) await new Promise((wake) => setTimeout(wake, 5));
    return ended[0]!;
  };
  const { slowLine: cut, bytes: few } = await attempt(60_000, 100);
  assert(cut !== null && cut.bytesPerSecond === 40 && cut.ms > 0 && few < 300_000, JSON.stringify(cut));
  const { slowLine: over, bytes: all } = await attempt(100, 60_000);
  assert(over !== null && over.ms >= 100 && over.sinceMs > 0 && all === 300_000, JSON.stringify(over));
  sandbox.setToxics([]);
  ended.length = 0;
  await (await fetch(url)).arrayBuffer();
  while (ended.length === 0) await new Promise((wake) => setTimeout(wake, 5));
  assertEquals(ended[0]!.slowLine, null);
});

Deno.test("Toxic trickle sends little for a while, and then the rest", async () => {
  const clock = new FakeClock();
  const toxics: ToxicRule[] = [{ type: "trickle", bytesPerSecond: 100, forMs: 2000 }];
  await using sandbox = await startSandbox({ outcomes: {}, requireLogin: 0, fileSizes: [300_000], toxics, clock });
  const url = await resolve(sandbox, FILE);
  const before = clock.monotonic();
  assertEquals(await body(url), sandbox.bytesOf(FILE));
  assertEquals(clock.monotonic() - before, 2000);
});

Deno.test("Toxic corrupt changes one byte", async () => {
  await using sandbox = await start({ type: "corrupt", atByte: 70_000, first: 1 });
  const url = await resolve(sandbox, FILE);
  const bad = await body(url);
  const good = await body(url);
  assertEquals(good, sandbox.bytesOf(FILE));
  assertEquals([...bad.keys()].filter((index) => bad[index] !== good[index]), [70_000]);
});

Deno.test("Toxic wrongRange shifts the start, changes the size or ignores the range", async () => {
  await using sandbox = await start();
  const url = await resolve(sandbox, FILE);
  const ask = async (how: "start" | "total" | "ignore", range: string): Promise<readonly [number, string | null]> => {
    sandbox.setToxics([{ type: "wrongRange", how }]);
    const { status, headers } = await call(url, { headers: { Range: range } });
    return [status, headers.get("content-range")];
  };
  assertEquals(await ask("start", "bytes=100-199"), [206, "bytes 99-199/300000"]);
  assertEquals(await ask("start", "bytes=0-9"), [206, "bytes 1-10/300000"]);
  assertEquals(await ask("total", "bytes=100-199"), [206, "bytes 100-199/300001"]);
  assertEquals(await ask("ignore", "bytes=100-199"), [200, null]);
});

Deno.test("Toxic changedEtag changes the file", async () => {
  await using sandbox = await start();
  const url = await resolve(sandbox, FILE);
  const etag = (await call(url)).headers.get("etag")!;
  sandbox.setToxics([{ type: "changedEtag" }]);
  const { status, headers } = await call(url, { headers: { "Range": "bytes=5-9", "If-Range": etag } });
  assertEquals(status, 200);
  assertNotEquals(headers.get("etag"), etag);
});

Deno.test("Toxic expiredUrl refuses a valid URL", async () => {
  await using sandbox = await start({ type: "expiredUrl", first: 1 });
  const url = await resolve(sandbox, FILE);
  const { status, text } = await call(url);
  assertEquals(status, 403);
  assertStringIncludes(text, "ExpiredRequest");
  assertEquals((await call(url)).status, 200);
});

Deno.test("Toxic loginHtml responds 200 with a page", async () => {
  await using sandbox = await start({ type: "loginHtml" });
  const { status, text } = await call(`${sandbox.apiOrigin}/api/download/models/100000`);
  assertEquals(status, 200);
  assertMatch(text, /^<!DOCTYPE html>[^]*<form action="\/login\?/);
});

Deno.test("Toxic serverError responds with JSON or a page, for a burst", async () => {
  await using sandbox = await start();
  for (const [status, form] of [[500, "json"], [503, "json"], [502, "html"], [524, "html"]] as const) {
    sandbox.setToxics([{ type: "serverError", status }]);
    const { status: actual, headers } = await api(sandbox, "/enums");
    assertEquals([actual, headers.get("content-type")?.includes(form)], [status, true]);
    assertEquals(headers.get("retry-after"), status === 503 ? "2" : null);
  }
  sandbox.setToxics([{ type: "serverError" }]);
  const any = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((page) => api(sandbox, `/tags?page=${page}`)));
  assert(any.every(({ status }) => status >= 500) && new Set(any.map(({ status }) => status)).size > 1);
});

Deno.test("Toxic throttle sends Retry-After in seconds, as a date or not at all", async () => {
  await using sandbox = await start();
  const retryAfter = async (rule: ToxicRule): Promise<string | null> => {
    sandbox.setToxics([rule]);
    const { status, json, headers } = await api(sandbox, "/enums");
    assertEquals([status, json.code], [429, "TOO_MANY_REQUESTS"]);
    return headers.get("retry-after");
  };
  assertEquals(await retryAfter({ type: "throttle", retryAfterSeconds: 3 }), "3");
  const date = await retryAfter({ type: "throttle", retryAfterSeconds: 90, form: "date" });
  assertEquals(date, "Thu, 01 Jan 2026 00:01:30 GMT");
  assertEquals(await retryAfter({ type: "throttle", retryAfterSeconds: -1 }), null);
});

Deno.test("Toxic emptyImages empties only the image query", async () => {
  await using sandbox = await start({ type: "emptyImages" });
  assertEquals((await api(sandbox, "/images")).json, { items: [], metadata: {} });
  assertEquals((await api(sandbox, "/models")).json.items.length > 0, true);
});

Deno.test("Toxic controlCharacters sends JSON that a strict parser refuses", async () => {
  await using sandbox = await start({ type: "controlCharacters" });
  const { text } = await api(sandbox, "/images?withMeta=true&limit=50");
  assertThrows(() => JSON.parse(text), SyntaxError);
  // deno-lint-ignore no-control-regex -- they are what is looked for
  const escaped = text.replaceAll(/[\x00-\x1f]/g, (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const prompts = JSON.parse(escaped).items.map((item: { meta: { prompt: string } | null }) => item.meta?.prompt ?? "");
  assert(prompts.some((prompt: string) => prompt.startsWith("line one\rline\ttwo\u0001 ")));
});

Deno.test("Toxics hit the same requests of two sandboxes with the same seed, and others with another", async () => {
  const outcomes = async (seed: number): Promise<string> => {
    const toxics: ToxicRule[] = [{ type: "serverError", status: 500, rate: 0.5 }];
    await using sandbox = await startSandbox({ seed, toxics });
    let pattern = "";
    for (let count = 0; count < 24; count++) pattern += (await api(sandbox, "/enums")).status === 500 ? "x" : ".";
    return pattern;
  };
  const first = await outcomes(1);
  const second = await outcomes(1);
  const other = await outcomes(2);
  assertEquals(first, second);
  assertNotEquals(first, other);
});

Deno.test("Toxics are recorded in the log", async () => {
  await using sandbox = await start({ type: "throttle" });
  await api(sandbox, "/me", signedIn(sandbox));
  const { toxics, status } = sandbox.log.requests[0]!;
  assertEquals([toxics, status], [["throttle"], 429]);
});
