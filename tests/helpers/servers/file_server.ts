import { createHash } from "node:crypto";
import { seededRandom } from "../../../lib/base/mod.ts";

/** A response in place of the file. */
export type Fault = (request: Request, whole: Uint8Array) => Response | undefined;

/** A real HTTP server on a free port that serves one file with ranges, and faults in turn. */
export interface FileServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: { readonly range: string | null; readonly ifRange: string | null }[];
  readonly sha256: string;
  bytes: Uint8Array;
  etag: string;
  /** Used one per request, from the front. */
  readonly faults: Fault[];
}

/** Repeatable bytes. */
export function someBytes(count: number, seed = 1): Uint8Array<ArrayBuffer> {
  const random = seededRandom(seed);
  const bytes = new Uint8Array(count);
  for (let i = 0; i < count; i++) bytes[i] = random() * 256;
  return bytes;
}

/** Hex SHA-256. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Serve a file; `tls` is the certificate and the key for HTTPS. */
export function serveFile(
  bytes: Uint8Array<ArrayBuffer>,
  { tls }: { readonly tls?: { readonly cert: string; readonly key: string } } = {},
): FileServer {
  const state = { bytes, etag: '"v1"', faults: [] as Fault[], requests: [] as FileServer["requests"] };
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {}, ...tls }, (request) => {
    state.requests.push({ range: request.headers.get("range"), ifRange: request.headers.get("if-range") });
    return state.faults.shift()?.(request, state.bytes) ?? serveWell(request, state.bytes, state.etag);
  });
  return Object.assign(state, {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${server.addr.port}/file`,
    sha256: sha256(bytes),
    [Symbol.asyncDispose]: () => server.shutdown(),
  });
}

function serveWell(request: Request, bytes: Uint8Array<ArrayBuffer>, etag: string): Response {
  const headers = { etag, "content-type": "application/octet-stream" };
  const match = /^bytes=(\d+)-$/.exec(request.headers.get("range") ?? "");
  const condition = request.headers.get("if-range");
  if (match === null || (condition !== null && condition !== etag)) return new Response(bytes, { headers });
  const start = Number(match[1]);
  if (start >= bytes.length) {
    return new Response(null, { status: 416, headers: { "content-range": `bytes */${bytes.length}` } });
  }
  const range = `bytes ${start}-${bytes.length - 1}/${bytes.length}`;
  return new Response(bytes.subarray(start), { status: 206, headers: { ...headers, "content-range": range } });
}

/** Serve the first `count` bytes of the request, then break the connection. */
export function cutAfter(count: number): Fault {
  return (request, whole) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.get("range") ?? "")?.[1] ?? 0);
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(whole.subarray(start, start + count));
      },
      async pull(controller) {
        // Let the sent bytes reach the client before the connection breaks.
        await new Promise((resolve) => setTimeout(resolve, 20));
        controller.close();
      },
    });
    const headers = { etag: '"v1"', "content-length": String(whole.length - start) };
    if (start === 0) return new Response(body, { headers });
    const range = `bytes ${start}-${whole.length - 1}/${whole.length}`;
    return new Response(body, { status: 206, headers: { ...headers, "content-range": range } });
  };
}
