import { sha256 } from "./_file_server.ts";

/** How a server that limits each connection behaves. */
export interface CappedOptions {
  /** Bytes a second for one connection. */
  readonly perConnection?: number;
  /** Bytes a second for all together. */
  readonly inAll?: number;
  /** Looks at each range before it is served; an answer is sent instead. */
  readonly fault?: (range: ServedRange) => Response | number | undefined;
}

/** One range that was asked for. */
export interface ServedRange {
  readonly start: number;
  readonly end: number;
  /** Counted from 0. */
  readonly index: number;
  /** Connections at work, this one among them. */
  readonly open: number;
}

/** A real HTTP server for one file, with a bandwidth a connection. */
export interface CappedServer extends AsyncDisposable {
  readonly url: string;
  readonly sha256: string;
  readonly ranges: ServedRange[];
  readonly peak: () => number;
}

const CHUNK_BYTES = 32 << 10;

/** Serve a file; a fault that is a number cuts the body after so many bytes. */
export function serveCapped(bytes: Uint8Array<ArrayBuffer>, options: CappedOptions = {}): CappedServer {
  const { perConnection = Infinity, inAll = Infinity, fault = () => undefined } = options;
  const ranges: ServedRange[] = [];
  let open = 0;
  let peak = 0;
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const match = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("range") ?? "");
    const start = Number(match?.[1] ?? 0);
    const end = match?.[2] ? Number(match[2]) + 1 : bytes.length;
    const range = { start, end, index: ranges.length, open: open + 1 };
    ranges.push(range);
    const answer = fault(range);
    if (answer instanceof Response) return answer;
    open++;
    peak = Math.max(peak, open);
    const headers = {
      etag: '"v1"',
      "content-length": String(end - start),
      ...(match === null ? {} : { "content-range": `bytes ${start}-${end - 1}/${bytes.length}` }),
    };
    const stop = Math.min(end, start + (answer ?? Infinity));
    const body = pace(bytes.subarray(start, stop), {
      rate: () => Math.min(perConnection, inAll / open),
      onEnd: () => open--,
    });
    return new Response(body, { status: match === null ? 200 : 206, headers });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/file`,
    sha256: sha256(bytes),
    ranges,
    peak: () => peak,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function pace(
  bytes: Uint8Array<ArrayBuffer>,
  options: { readonly rate: () => number; readonly onEnd: () => void },
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  let dueMs = performance.now();
  let isOver = false;
  const end = (): void => {
    if (!isOver) options.onEnd();
    isOver = true;
  };
  return new ReadableStream({
    async pull(controller) {
      if (at >= bytes.length) {
        end();
        return controller.close();
      }
      const chunk = bytes.slice(at, at + CHUNK_BYTES);
      at += chunk.length;
      dueMs = Math.max(dueMs, performance.now() - 20) + chunk.length / options.rate() * 1000;
      const waitMs = dueMs - performance.now();
      if (waitMs > 1) await new Promise((resolve) => setTimeout(resolve, waitMs));
      controller.enqueue(chunk);
    },
    cancel: end,
  }, { highWaterMark: 0 });
}
