import { type Client, type ClientOptions, createClient } from "../../../lib/civitai/mod.ts";
import { FakeClock } from "../fake_clock.ts";
import { fixtureText } from "./civitai_fixture.ts";

/** A request that the replaying server received. */
export interface Received {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
}

/** A real server on loopback with the test's responses. */
export interface Replay extends AsyncDisposable {
  readonly url: string;
  readonly received: Received[];
}

/** Start a server; the handler receives each request and its number, from 0. */
export function replay(handle: (request: Received, index: number) => Response | Promise<Response>): Replay {
  const received: Received[] = [];
  const stop = new AbortController();
  const server = Deno.serve({
    port: 0,
    hostname: "127.0.0.1",
    signal: stop.signal,
    onListen: () => {},
    onError: () => new Response("handler failed", { status: 599 }),
  }, async (request) => {
    const entry = {
      method: request.method,
      url: new URL(request.url),
      headers: request.headers,
      body: await request.text(),
    };
    return await handle(entry, received.push(entry) - 1);
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    received,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await server.finished;
    },
  };
}

/** A response with a fixture as its body. */
export function replayFixture(name: string, init: ResponseInit = {}): Response {
  const type = name.endsWith(".html")
    ? "text/html; charset=utf-8"
    : name.endsWith(".xml")
    ? "application/xml"
    : "application/json";
  const headers = new Headers(init.headers);
  headers.set("content-type", type);
  return new Response(fixtureText(name), { ...init, headers });
}

/** A client of a server, without pacing, with a clock that does not wait. */
export function clientOf(server: Replay, options: ClientOptions = {}): Client & { readonly clock: FakeClock } {
  const clock = new FakeClock();
  const client = createClient({
    baseUrl: server.url,
    clock,
    random: () => 0.5,
    modelRate: 0,
    imageRate: 0,
    downloadRate: 0,
    timeoutMs: 5000,
    ...options,
  });
  return Object.assign(client, { clock });
}

/** All items of a listing. */
export async function collect<T>(pages: AsyncIterable<{ readonly items: readonly T[] }>): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pages) items.push(...page.items);
  return items;
}
