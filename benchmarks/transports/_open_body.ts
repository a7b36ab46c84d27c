import { get as getPlain, type IncomingMessage } from "node:http";
import { get as getSecure } from "node:https";
import { createFetchTransport, createSocketTransport, type Transport } from "../../lib/transfer/mod.ts";
import type { TransportName } from "./side_spec.ts";

/** A body of known size. Disposing it closes everything that would keep the process alive. */
export interface Body extends Disposable {
  /** Read bytes into the target, from its start. Returns their number, or `null` at the end. */
  read(target: Uint8Array): Promise<number | null>;
}

/** The body to open. */
export interface BodyWish {
  readonly url: string;
  readonly bytes: number;
  /** The authority that signed the server's certificate, as PEM text. */
  readonly authority: string;
}

/** The ways to open a body, by name. */
export const OPEN_BODY: Readonly<Record<TransportName, (request: BodyWish) => Promise<Body>>> = {
  socket: ({ url, authority }) => send(createSocketTransport({ caCerts: [authority] }), url),
  "fetch-h1": ({ url }) => send(createFetchTransport(), url),
  "fetch-h2": ({ url }) => {
    const client = Deno.createHttpClient({ http1: false, http2: true });
    return send(createFetchTransport({ fetch: (input, init) => fetch(input, { ...init, client }) }), url);
  },
  node: openByNode,
  bare: openBare,
};

async function send(transport: Disposable & { readonly send: Transport }, url: string): Promise<Body> {
  const answer = await transport.send(url, { headers: {}, signal: new AbortController().signal });
  return { read: (target) => answer.read(target), [Symbol.dispose]: () => transport[Symbol.dispose]() };
}

async function openByNode({ url, authority }: BodyWish): Promise<Body> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const isSecure = url.startsWith("https:");
    const request = isSecure
      ? getSecure(url, { agent: false, ca: authority }, resolve)
      : getPlain(url, { agent: false }, resolve);
    request.on("error", reject);
  });
  const chunks = response[Symbol.asyncIterator]();
  let rest = new Uint8Array(0);
  return {
    async read(target) {
      if (rest.length === 0) {
        const { done, value } = await chunks.next();
        if (done) return null;
        rest = value;
      }
      const count = Math.min(rest.length, target.length);
      target.set(rest.subarray(0, count));
      rest = rest.subarray(count);
      return count;
    },
    [Symbol.dispose]: () => void response.destroy(),
  };
}

/** Open a body with as little HTTP as possible. It marks the limit of what a transport can reach. */
async function openBare({ url, bytes, authority }: BodyWish): Promise<Body> {
  const { hostname, port, pathname, protocol } = new URL(url);
  const to = { hostname, port: Number(port) };
  const socket = protocol === "https:"
    ? await Deno.connectTls({ ...to, caCerts: [authority], alpnProtocols: ["http/1.1"] })
    : await Deno.connect(to);
  await socket.write(new TextEncoder().encode(`GET ${pathname} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`));
  const first = new Uint8Array(16_384);
  let filled = 0;
  let headBytes = -1;
  while (headBytes < 0) {
    const count = await socket.read(first.subarray(filled));
    if (count === null) throw new Error("No head came");
    filled += count;
    headBytes = new TextDecoder("latin1").decode(first.subarray(0, filled)).indexOf("\r\n\r\n");
  }
  let rest = first.subarray(headBytes + 4, filled);
  let left = bytes;
  return {
    async read(target) {
      if (left === 0) return null;
      let count: number | null = Math.min(rest.length, target.length);
      if (count === 0) count = await socket.read(target);
      else target.set(rest.subarray(0, count));
      rest = rest.subarray(count ?? 0);
      left -= count ?? left;
      return count;
    },
    [Symbol.dispose]: () => socket.close(),
  };
}
