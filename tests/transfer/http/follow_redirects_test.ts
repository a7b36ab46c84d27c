import { assertEquals, assertRejects } from "@std/assert";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { followRedirects, type Transport } from "../../../lib/transfer/mod.ts";

interface Stub {
  readonly transport: Transport;
  readonly asked: string[];
  /** Responses whose connection was not released. */
  open: number;
}

/** Responses by URL: a redirect to another, or the end. */
function stub(targets: Readonly<Record<string, string>>): Stub {
  const state: Stub = {
    asked: [],
    open: 0,
    transport(url) {
      state.asked.push(url);
      state.open++;
      const location = targets[url];
      return Promise.resolve({
        status: location === undefined ? 200 : 302,
        headers: new Headers(location === undefined ? {} : { location }),
        read: () => Promise.resolve(null),
        [Symbol.asyncDispose]() {
          state.open--;
          return Promise.resolve();
        },
      });
    },
  };
  return state;
}

const request = { headers: {}, signal: new AbortController().signal };

Deno.test("followRedirects() follows redirects, also relative ones, checks each and releases connections", async () => {
  const hosts = stub({ "https://a.example/1": "/2", "https://a.example/2": "https://b.example/3" });
  const checked: string[] = [];
  const send = followRedirects(hosts.transport, { check: (url) => checked.push(url.href) });
  assertEquals((await send("https://a.example/1", request)).status, 200);
  assertEquals(checked, ["https://a.example/1", "https://a.example/2", "https://b.example/3"]);
  assertEquals([hosts.asked.length, hosts.open], [3, 1]);
});

Deno.test("followRedirects() sends no request to a host that the check refuses", async () => {
  const hosts = stub({ "https://a.example/1": "http://10.0.0.1/" });
  const refusal = new FailureError("refused-host", "Cannot fetch: no");
  const send = followRedirects(hosts.transport, {
    check({ protocol }) {
      if (protocol === "http:") throw refusal;
    },
  });
  assertEquals(await send("https://a.example/1", request).catch((error) => error), refusal);
  assertEquals([hosts.asked, hosts.open], [["https://a.example/1"], 0]);
  assertEquals(await send("http://127.0.0.1/", request).catch((error) => error), refusal);
  assertEquals([hosts.asked, hosts.open], [["https://a.example/1"], 0]);
});

Deno.test("followRedirects() takes a permit for each host that differs from the last", async () => {
  const hosts = stub({
    "https://a.example/1": "https://b.example/2",
    "https://b.example/2": "https://b.example/3",
    "https://b.example/3": "https://a.example/4",
  });
  const entered: string[] = [];
  const send = followRedirects(hosts.transport, { check: () => {} });
  const enter = (host: string) => Promise.resolve(void entered.push(host));
  await send("https://a.example/1", { ...request, enter });
  assertEquals([entered, hosts.open], [["b.example", "a.example"], 1]);
});

Deno.test("followRedirects() stops in a loop", async () => {
  const hosts = stub({ "https://a.example/1": "/1" });
  const send = followRedirects(hosts.transport, { check: () => {} });
  const error = await assertRejects(() => send("https://a.example/1", request), FailureError, "more than 5 redirects");
  assertEquals([hosts.asked.length, hosts.open, error.retryable], [6, 0, false]);
});

Deno.test("followRedirects() refuses an invalid location", async () => {
  const hosts = stub({ "https://a.example/1": "https://[" });
  const send = followRedirects(hosts.transport, { check: () => {} });
  await assertRejects(() => send("https://a.example/1", request), FailureError, "no valid address");
});

Deno.test("followRedirects() returns a 3xx without a location to the caller", async () => {
  const send = followRedirects(
    () =>
      Promise.resolve({
        status: 304,
        headers: new Headers(),
        read: () => Promise.resolve(null),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      }),
    { check: () => {} },
  );
  assertEquals((await send("https://a.example/1", request)).status, 304);
});
