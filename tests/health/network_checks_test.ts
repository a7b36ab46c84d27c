import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { Failsafe } from "../../lib/failsafe/mod.ts";
import { probeApi, skewOf } from "../../lib/health/api_probe.ts";
import { startSandbox } from "../../lib/sandbox/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { check, clockAhead, placeOf } from "./_health_place.ts";

const KEY = { isPresent: true, origin: null, problem: null, files: [] };
const ENUMS = JSON.stringify({ ModelType: ["LORA"], ModelFileType: [], ActiveBaseModel: [], BaseModel: [] });

/** A server that counts its requests and answers as told. */
function serve(answer: () => Response): AsyncDisposable & { readonly origin: string; readonly hits: number } {
  const seen = { hits: 0 };
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => {
    seen.hits++;
    return answer();
  });
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    get hits() {
      return seen.hits;
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

const NO_RATE = { modelRate: 0, imageRate: 0, downloadRate: 0 };

Deno.test("api and key are ok where the API accepts the key, with one request for all checks", () =>
  inTempDir(async (folder) => {
    await using sandbox = await startSandbox({ size: { creators: 1, modelsPerCreator: 1 } });
    const client = { baseUrl: sandbox.apiOrigin, token: sandbox.token, ...NO_RATE };
    const place = placeOf(folder, { isOffline: false, client, key: KEY });
    const api = await check("api", place);
    assertEquals([api.status, api.figures.httpStatus, api.remedy], ["ok", 200, null]);
    const key = await check("key", place);
    assertEquals([key.status, key.measured], ["ok", "present and accepted"]);
    assertEquals((await check("clock", place)).status, "ok");
  }));

Deno.test("key fails if the API does not accept it, and the key is in no finding", () =>
  inTempDir(async (folder) => {
    await using sandbox = await startSandbox({ size: { creators: 1, modelsPerCreator: 1 } });
    const token = "wrong-key-0123456789";
    const client = { baseUrl: sandbox.apiOrigin, token, ...NO_RATE };
    const place = placeOf(folder, { isOffline: false, client, key: KEY });
    const key = await check("key", place);
    assertEquals(key.status, "fail");
    assertMatch(key.remedy!, /^export CIVITAI_API_KEY=KEY/);
    // A host that refuses a key is reachable.
    const api = await check("api", place);
    assertEquals([api.status, api.figures.httpStatus], ["ok", 401]);
    assert(!JSON.stringify([key, api]).includes(token));
  }));

Deno.test("key is skipped while the API gives no verdict on it", () =>
  inTempDir(async (folder) => {
    await using server = serve(() => new Response("", { status: 503 }));
    const client = { baseUrl: server.origin, token: "short", ...NO_RATE };
    for (const isOffline of [true, false]) {
      const key = await check("key", placeOf(folder, { isOffline, client, key: KEY }));
      assertEquals([key.status, key.figures.isAccepted, key.remedy], ["skipped", false, null]);
      assertMatch(key.measured, /^present; not verified/);
    }
  }));

Deno.test("key warns of a file that others can read, and reports one that cannot be read", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "api_key.md");
    await Deno.writeTextFile(path, "0123456789abcdef", { mode: 0o600 });
    await Deno.chmod(path, 0o644);
    const open = await check("key", placeOf(folder, { key: { ...KEY, files: [path] } }));
    assertEquals([open.status, open.remedy], ["warn", `chmod 600 ${path}`]);
    const problem = 'Cannot read the API key from "x": no such file';
    assertEquals((await check("key", placeOf(folder, { key: { ...KEY, problem } }))).status, "fail");
  }));

Deno.test("api sends nothing while the breaker of its host is open, and says until when", () =>
  inTempDir(async (folder) => {
    await using server = serve(() => new Response(ENUMS));
    const { host } = new URL(server.origin);
    {
      await using failsafe = await Failsafe.open(join(folder, ".civitai-dl", "state"));
      failsafe.trip(host, { forMs: 600_000 });
    }
    const place = placeOf(folder, { isOffline: false, client: { baseUrl: server.origin, ...NO_RATE } });
    const found = await check("api", place);
    assertEquals([found.status, found.remedy], ["warn", "civitai-dl failsafe"]);
    assertStringIncludes(found.measured, `the breaker of ${host} is open since`);
    assertEquals((await check("clock", place)).status, "skipped");
    assertEquals(server.hits, 0);
    // The other state is the control: a closed breaker lets the request through.
    {
      await using failsafe = await Failsafe.open(join(folder, ".civitai-dl", "state"));
      failsafe.reset(host);
    }
    assertEquals((await check("api", place)).status, "ok");
    assertEquals(server.hits, 1);
  }));

Deno.test("api sends nothing with --offline", () =>
  inTempDir(async (folder) => {
    await using server = serve(() => new Response(ENUMS));
    const place = placeOf(folder, { client: { baseUrl: server.origin, ...NO_RATE } });
    assertEquals((await check("api", place)).status, "skipped");
    assertEquals((await check("storage", place)).status, "skipped");
    assertEquals(server.hits, 0);
  }));

Deno.test("api fails where nothing listens and where the server is broken, with one request each", () =>
  inTempDir(async (folder) => {
    const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
    const { port } = listener.addr;
    listener.close();
    const dead = placeOf(folder, { isOffline: false, client: { baseUrl: `http://127.0.0.1:${port}`, ...NO_RATE } });
    const silent = await check("api", dead);
    assertEquals([silent.status, silent.figures.failure], ["fail", "connection"]);
    assertMatch(silent.remedy!, /^curl -sSI /);
    await using server = serve(() => new Response("down", { status: 503 }));
    const broken = await check(
      "api",
      placeOf(folder, { isOffline: false, client: { baseUrl: server.origin, ...NO_RATE } }),
    );
    assertEquals([broken.status, broken.figures.httpStatus, server.hits], ["fail", 503, 1]);
  }));

Deno.test("clock fails if the API's date is ten minutes off, and warns at one minute", () =>
  inTempDir(async (folder) => {
    for (
      const [offMs, status] of [[600_000, "fail"], [-600_000, "fail"], [60_000, "warn"], [0, "ok"]] as const
    ) {
      await using server = serve(() =>
        new Response(ENUMS, { headers: { date: new Date(Date.now() + offMs).toUTCString() } })
      );
      const place = placeOf(folder, { isOffline: false, client: { baseUrl: server.origin, ...NO_RATE } });
      const found = await check("clock", place);
      assertEquals(found.status, status, `${offMs}: ${found.measured}`);
      if (offMs > 0) assertStringIncludes(found.measured, "behind the API");
      if (offMs < 0) assertStringIncludes(found.measured, "ahead of the API");
    }
  }));

Deno.test("skewOf compares with the middle of the exchange, and needs a date", () => {
  const header = "Thu, 01 Jan 2026 00:00:00 GMT";
  assertEquals(skewOf(header, Date.UTC(2026, 0, 1) + 500), 0);
  assertEquals(skewOf(header, Date.UTC(2026, 0, 1) + 2500), -2000);
  assertEquals([skewOf(null, 0), skewOf("yesterday", 0)], [null, null]);
});

Deno.test("storage tries the hosts of earlier runs: some down is a warning, all down a failure", () =>
  inTempDir(async (folder) => {
    await using server = serve(() => new Response(ENUMS));
    const gone = Deno.listen({ port: 0, hostname: "127.0.0.1" });
    const dead = `127.0.0.1:${gone.addr.port}`;
    gone.close();
    await using storage = serve(() => new Response("", { status: 404 }));
    const alive = new URL(storage.origin).host;
    const state = join(folder, ".civitai-dl", "state");
    const place = placeOf(folder, { isOffline: false, client: { baseUrl: server.origin, ...NO_RATE } });
    const use = async (host: string): Promise<void> => {
      await using failsafe = await Failsafe.open(state);
      failsafe.record(host, { type: "ok", durationMs: 5 });
    };
    assertEquals((await check("storage", place)).status, "skipped");
    await use(dead);
    const all = await check("storage", place);
    assertEquals([all.status, all.figures.failed], ["fail", [dead]]);
    await use(alive);
    const some = await check("storage", place);
    assertEquals([some.status, some.figures.answered], ["warn", [alive]]);
    {
      await using failsafe = await Failsafe.open(state);
      failsafe.trip(dead, {});
    }
    const tripped = await check("storage", place);
    assertEquals([tripped.figures.open, tripped.figures.failed], [[dead], []]);
    assertEquals([tripped.remedy, tripped.afterwards], [
      `civitai-dl failsafe reset ${dead}`,
      "civitai-dl download",
    ]);
    // After the wait of its breaker, a host is tried again.
    const later = { ...place, clock: clockAhead(7 * 86_400_000) };
    const tried = await check("storage", later);
    assertEquals(tried.figures.failed, [dead]);
    assertEquals([tried.remedy, tried.afterwards], [`curl -sSI --max-time 10 http://${dead}`, "civitai-dl download"]);
  }));

Deno.test("storage fails if a host accepts connections and says nothing; any answer is enough", () =>
  inTempDir(async (folder) => {
    using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
    const accepted: Deno.Conn[] = [];
    const accepting = (async () => {
      for await (const conn of listener) accepted.push(conn);
    })();
    const silent = `127.0.0.1:${listener.addr.port}`;
    await using refusing = serve(() => new Response("no", { status: 403 }));
    const speaking = new URL(refusing.origin).host;
    const place = placeOf(folder, { isOffline: false, client: { baseUrl: "http://127.0.0.1:9", ...NO_RATE } });
    {
      await using failsafe = await Failsafe.open(join(folder, ".civitai-dl", "state"));
      for (const host of [silent, speaking]) failsafe.record(host, { type: "ok", durationMs: 5 });
    }
    const found = await check("storage", place);
    assertEquals([found.status, found.problem], ["warn", "host-down"]);
    assertEquals([found.figures.silent, found.figures.answered], [[silent], [speaking]]);
    assertStringIncludes(found.measured, `${silent} accepts connections and says nothing for 10s`);
    assertEquals(found.remedy, `curl -sSI --max-time 10 http://${silent}`);
    assertEquals([accepted.length, refusing.hits], [1, 1]);
    for (const conn of accepted) conn.close();
    listener.close();
    await accepting;
  }));

Deno.test("storage is skipped behind a proxy, which makes the connections", () =>
  inTempDir(async (folder) => {
    const env = (name: string) => name === "HTTPS_PROXY" ? "http://proxy.example:3128" : undefined;
    const place = placeOf(folder, { isOffline: false, client: { baseUrl: "https://civitai.com" }, env });
    assertEquals((await check("storage", place)).measured, "not tried: a proxy makes the connections");
  }));

Deno.test("probeApi ends with the reason of an abort", () =>
  inTempDir(async (folder) => {
    const stop = new AbortController();
    await using server = serve(() => {
      stop.abort(new Error("stopped"));
      return new Response("{}", { status: 500 });
    });
    const place = placeOf(folder, { isOffline: false, client: { baseUrl: server.origin, ...NO_RATE } });
    const ended = await probeApi({ ...place, signal: stop.signal }).then(() => "answered", (error) => error.message);
    assertEquals(ended, "stopped");
  }));

Deno.test("storage and failsafe know the hosts of transfers that are open, before any of them has ended", () =>
  inTempDir(async (library) => {
    await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, () => new Response("here"));
    const host = `127.0.0.1:${server.addr.port}`;
    const active = join(library, ".civitai-dl/state/active");
    await Deno.mkdir(active, { recursive: true });
    const file = { path: "a", host, bytes: 1, totalBytes: 9, bytesPerSecond: 0, connections: 1, waiting: null };
    const head = { schema: "civitai-dl/active", version: 1, time: new Date().toISOString(), pid: Deno.pid };
    const snapshot = { ...head, bytesPerSecond: 0, run: null, downloads: [file] };
    await Deno.writeTextFile(join(active, `${Deno.pid}.json`), JSON.stringify(snapshot));
    const place = placeOf(library, { isOffline: false });
    const storage = await check("storage", place);
    assertEquals([storage.status, storage.figures["answered"]], ["ok", [host]]);
    const { status, measured } = await check("failsafe", place);
    assertEquals([status, measured], ["ok", "the first run is under way; nothing has failed in it"]);
  }));
