import { assertEquals, assertRejects } from "@std/assert";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { followRedirects, type Transport } from "../../../lib/transfer/mod.ts";

interface Stub {
  readonly transport: Transport;
  readonly asked: string[];
  /** Answers whose connection was not given back. */
  open: number;
}

/** Answers by URL: a redirect to another, or the end. */
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

Deno.test("followRedirects() follows, also relative addresses, checks each and gives connections back", async () => {
  const hosts = stub({ "https://a.example/1": "/2", "https://a.example/2": "https://b.example/3" });
  const checked: string[] = [];
  const send = followRedirects(hosts.transport, { check: (url) => checked.push(url.href) });
  assertEquals((await send("https://a.example/1", request)).status, 200);
  assertEquals(checked, ["https://a.example/1", "https://a.example/2", "https://b.example/3"]);
  assertEquals([hosts.asked.length, hosts.open], [3, 1]);
});

Deno.test("followRedirects() asks no host that the check refuses", async () => {
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

/** A request that says who holds its leave. */
function counting() {
  const held: string[] = [];
  const asked: string[] = [];
  const enter = (host: string): Promise<Disposable> => {
    asked.push(host);
    held.push(host);
    return Promise.resolve({ [Symbol.dispose]: () => void held.splice(held.indexOf(host), 1) });
  };
  return { request: { ...request, enter }, held, asked };
}

Deno.test("followRedirects() asks for leave at each further host, and keeps the last until the body is given back", async () => {
  const hosts = stub({ "https://a.example/1": "https://b.example/2", "https://b.example/2": "https://c.example/3" });
  const { request, held, asked } = counting();
  const send = followRedirects(hosts.transport, { check: () => {} });
  const response = await send("https://a.example/1", request);
  assertEquals([asked, held], [["b.example", "c.example"], ["c.example"]]);
  await response[Symbol.asyncDispose]();
  assertEquals([held, hosts.open], [[], 0]);
});

Deno.test("followRedirects() gives its leave back when a redirect fails or goes in circles", async () => {
  const hosts = stub({ "https://a.example/1": "https://b.example/2", "https://b.example/2": "https://a.example/1" });
  const { request, held, asked } = counting();
  const send = followRedirects(hosts.transport, { check: () => {}, maxHops: 3 });
  await assertRejects(() => send("https://a.example/1", request), FailureError, "more than 3 redirects");
  assertEquals([asked, held], [["b.example", "b.example"], []]);
  const broken = stub({ "https://a.example/1": "https://b.example/2", "https://b.example/2": "https://[" });
  const sendBroken = followRedirects(broken.transport, { check: () => {} });
  await assertRejects(() => sendBroken("https://a.example/1", request), FailureError, "no valid address");
  assertEquals(held, []);
});

Deno.test("followRedirects() ends a loop", async () => {
  const hosts = stub({ "https://a.example/1": "/1" });
  const send = followRedirects(hosts.transport, { check: () => {}, maxHops: 3 });
  const error = await assertRejects(() => send("https://a.example/1", request), FailureError, "more than 3 redirects");
  assertEquals([hosts.asked.length, hosts.open, error.retryable], [4, 0, false]);
});

Deno.test("followRedirects() refuses an address that is none", async () => {
  const hosts = stub({ "https://a.example/1": "https://[" });
  const send = followRedirects(hosts.transport, { check: () => {} });
  await assertRejects(() => send("https://a.example/1", request), FailureError, "no valid address");
});

Deno.test("followRedirects() gives a 3xx without an address to the caller", async () => {
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
