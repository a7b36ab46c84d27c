import type { Transport, TransportResponse } from "../../../lib/transfer/mod.ts";
import type { FakeClock } from "../../helpers/fake_clock.ts";
import { sha256 } from "../../helpers/servers/file_server.ts";
import type { PendingFiles } from "./_pending_files.ts";

/** How a line limits each connection. */
export interface CappedOptions {
  /** Bytes per second of one connection. */
  readonly perConnection?: number;
  /** Bytes per second of all connections together. */
  readonly inAll?: number;
  /** Called with each range before it is served; returns a response to send instead, or where to cut the body. */
  readonly fault?: (range: ServedRange) => Response | number | undefined;
}

/** A range that was requested. */
export interface ServedRange {
  readonly start: number;
  readonly end: number;
  /** Counted from 0. */
  readonly index: number;
  /** Open connections, including this one. */
  readonly open: number;
}

/** A real HTTP server for one file, and the line to it, whose bandwidth is measured by a fake clock. */
export interface CappedServer extends AsyncDisposable {
  readonly url: string;
  readonly sha256: string;
  readonly ranges: ServedRange[];
  readonly peak: () => number;
  /** Sends requests through the line. */
  readonly send: Transport;
}

/** What the line works with. */
export interface CappedSeams {
  /** The real transport below the line. */
  readonly transport: Transport;
  /** Measures the bandwidth. */
  readonly clock: FakeClock;
  /** Stops the clock during file operations. */
  readonly files: PendingFiles;
}

/** Serve a file; a fault that is a number cuts the body after that many bytes. */
export function serveCapped(bytes: Uint8Array<ArrayBuffer>, options: CappedOptions & CappedSeams): CappedServer {
  const { transport, clock, files, perConnection = Infinity, inAll = Infinity, fault = () => undefined } = options;
  const ranges: ServedRange[] = [];
  let peak = 0;
  const line = new CappedLine({ clock, files }, (open) => Math.min(perConnection, inAll / open));
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const match = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("range") ?? "");
    const start = Number(match?.[1] ?? 0);
    const end = match?.[2] ? Number(match[2]) + 1 : bytes.length;
    const range = { start, end, index: ranges.length, open: line.open };
    ranges.push(range);
    const answer = fault(range);
    if (answer instanceof Response) return answer;
    peak = Math.max(peak, line.open);
    const headers = {
      etag: '"v1"',
      "content-length": String(end - start),
      ...(match === null ? {} : { "content-range": `bytes ${start}-${end - 1}/${bytes.length}` }),
    };
    const stop = Math.min(end, start + (answer ?? Infinity));
    return new Response(streamOf(bytes.subarray(start, stop)), { status: match === null ? 200 : 206, headers });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/file`,
    sha256: sha256(bytes),
    ranges,
    peak: () => peak,
    send: line.through(transport),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A stream, because a body of fixed length cannot be cut short. */
function streamOf(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + CHUNK_BYTES));
      at += CHUNK_BYTES;
    },
  }, { highWaterMark: 0 });
}

const CHUNK_BYTES = 32 << 10;

/** A read that waits for the bandwidth of its connection. */
interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/**
 * Delays what real connections read, by a fake clock. The clock advances only while every open connection waits for
 * its bandwidth and no file operation is under way, and one connection is woken at a time: the work of the machine
 * itself, such as a request or a write, takes no time by this clock.
 */
class CappedLine {
  readonly #clock: FakeClock;
  readonly #files: PendingFiles;
  readonly #rateOf: (open: number) => number;
  readonly #sleepers = new Set<Sleeper>();
  #open = 0;

  /** Needs the bytes per second of each connection, by the number of open ones. */
  constructor({ clock, files }: Pick<CappedSeams, "clock" | "files">, rateOf: (open: number) => number) {
    this.#clock = clock;
    this.#files = files;
    files.onIdle = () => this.#advance();
    this.#rateOf = rateOf;
  }

  /** Connections from the request until the body was read or disposed. */
  get open(): number {
    return this.#open;
  }

  /** Send the requests of a transport through this line. */
  through(transport: Transport): Transport {
    return async (url, options) => {
      this.#open++;
      try {
        return this.#cap(await transport(url, options), options.signal);
      } catch (error) {
        this.#close();
        throw error;
      }
    };
  }

  #cap(response: TransportResponse, signal: AbortSignal): TransportResponse {
    let dueMs = this.#clock.monotonic();
    let isOver = false;
    const end = (): void => {
      if (!isOver) this.#close();
      isOver = true;
    };
    return {
      status: response.status,
      headers: response.headers,
      read: async (target) => {
        const count = await response.read(target.subarray(0, CHUNK_BYTES));
        if (count === null) {
          end();
          return null;
        }
        dueMs = Math.max(dueMs, this.#clock.monotonic()) + count / this.#rateOf(this.#open) * 1000;
        await this.#sleepUntil(dueMs, signal);
        return count;
      },
      async [Symbol.asyncDispose]() {
        end();
        await response[Symbol.asyncDispose]();
      },
    };
  }

  async #sleepUntil(dueMs: number, signal: AbortSignal): Promise<void> {
    if (dueMs <= this.#clock.monotonic()) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleeper: Sleeper = { dueMs, wake: resolve };
    const stop = (): void => {
      if (this.#sleepers.delete(sleeper)) reject(signal.reason);
    };
    signal.addEventListener("abort", stop);
    this.#sleepers.add(sleeper);
    this.#advance();
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  #close(): void {
    this.#open--;
    this.#advance();
  }

  /** If all connections wait, let the first of them continue at its moment. */
  #advance(): void {
    if (this.#files.isBusy || this.#sleepers.size === 0 || this.#sleepers.size < this.#open) return;
    const first = [...this.#sleepers].reduce((one, other) => other.dueMs < one.dueMs ? other : one);
    this.#sleepers.delete(first);
    this.#clock.advance(Math.max(0, first.dueMs - this.#clock.monotonic()));
    first.wake();
  }
}
