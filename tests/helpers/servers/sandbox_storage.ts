import type { Sandbox } from "../../../lib/sandbox/mod.ts";

/** One request for a file of a sandbox. */
export interface StorageRequest {
  readonly fileId: number;
  /** First byte of the requested range; 0 without a range. */
  readonly start: number;
  /** The whole file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A loopback server that serves the files of a sandbox instead of its own storage. */
export interface SandboxStorage extends AsyncDisposable {
  readonly origin: string;
  /** The sandbox that signs the URLs; set it before the first request. */
  sandbox: Sandbox | undefined;
  /** Called with each request; a response replaces the right one. */
  onRequest: (request: StorageRequest) => Response | undefined;
}

/** Start the server on a free port; it knows ranges from a byte to the end and strong validators. */
export function serveSandboxFiles(): SandboxStorage {
  const state: Pick<SandboxStorage, "sandbox" | "onRequest"> = { sandbox: undefined, onRequest: () => undefined };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    // The part of a storage path before the extension is the file's id, in base 36.
    const fileId = Number.parseInt(new URL(request.url).pathname.split(".").at(-2) ?? "", 36);
    const bytes = new Uint8Array(state.sandbox!.bytesOf(fileId));
    const [, start = "0", end = ""] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("range") ?? "") ?? [];
    const answer = state.onRequest({ fileId, start: Number(start), bytes });
    return answer ?? serveRange({ fileId, start: Number(start), bytes }, end === "" ? bytes.length : Number(end) + 1);
  });
  return Object.assign(state, {
    origin: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  });
}

/** The right response to a request; `body` replaces the bytes, for a slow or broken body. */
export function serveRange(
  { fileId, start, bytes }: StorageRequest,
  end: number,
  body: BodyInit = bytes.subarray(start, end),
): Response {
  const headers = {
    etag: `"${fileId}"`,
    "content-type": "application/octet-stream",
    "content-length": `${end - start}`,
    "accept-ranges": "bytes",
  };
  if (start === 0 && end === bytes.length) return new Response(body, { headers });
  const range = `bytes ${start}-${end - 1}/${bytes.length}`;
  return new Response(body, { status: 206, headers: { ...headers, "content-range": range } });
}
