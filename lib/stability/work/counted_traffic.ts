import type { SentExchange } from "../../soak/mod.ts";
import type { Transport, TransportResponse } from "../../transfer/mod.ts";

/** A request for bytes, with when its connection was in use; times are comparable between processes of this machine. */
export interface SentTransfer {
  /** Path of the URL; the same for each request for the same file or image. */
  readonly resource: string;
  /** HTTP status; `null` if there was no response. */
  readonly status: number | null;
  /** First byte that was requested. */
  readonly start: number;
  /** When the request was sent, in milliseconds since the epoch. */
  readonly startedMs: number;
  /** When its connection was free again, in milliseconds since the epoch. */
  readonly endedMs: number;
}

/** A request, as counted by the process that sent it. */
export interface SentRequest extends SentExchange {
  /** What a request for bytes asked for, and when; `null` for one of the API client. */
  readonly transfer: SentTransfer | null;
}

type Open<T> = { -readonly [Key in keyof T]: T[Key] };
type Counted = Open<SentExchange> & { readonly transfer: Open<SentTransfer> | null };

/** Gives every request an id and counts its response, so that the counts of client and server can be compared. */
export class CountedTraffic {
  readonly #jobId: string;
  readonly #onBytes: (count: number) => void;
  readonly #exchanges: Counted[] = [];

  /**
   * Create a counter that has not counted any requests yet.
   *
   * @param jobId Id of the job whose requests are counted
   * @param onBytes Called with the size of each received chunk
   */
  constructor(jobId: string, onBytes: (count: number) => void) {
    this.#jobId = jobId;
    this.#onBytes = onBytes;
  }

  /** All requests so far. */
  get exchanges(): readonly SentRequest[] {
    return this.#exchanges;
  }

  /** Bytes of all response bodies so far. */
  get bytes(): number {
    return this.#exchanges.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** A `fetch` function that counts, for the API client. */
  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const exchange = this.#startExchange(null);
    const headers = new Headers(init?.headers);
    headers.set("X-Request-Id", exchange.id);
    const response = await fetch(input, { ...init, headers });
    exchange.isAnswered = true;
    if (response.body === null) {
      exchange.isWhole = true;
      return response;
    }
    const counter = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform: (chunk, controller) => {
        this.#count(exchange, chunk.length);
        controller.enqueue(chunk);
      },
      flush: () => void (exchange.isWhole = true),
    });
    const { status, statusText } = response;
    const counted = new Response(response.body.pipeThrough(counter), { status, statusText, headers: response.headers });
    // A new Response has no URL, but error messages name the host of the response.
    Object.defineProperty(counted, "url", { value: response.url });
    return counted;
  };

  /** Wrap a transport so that its requests are counted. */
  transport(send: Transport): Transport {
    return async (url, options) => {
      const transfer = startTransfer(url, options.headers);
      const exchange = this.#startExchange(transfer);
      let sends = 0;
      try {
        const response = await send(url, {
          ...options,
          headers: { ...options.headers, "X-Request-Id": exchange.id },
          onStep(step, connectionAgeMs) {
            // The wait for headers begins with each sending.
            if (step === "headers") exchange.resends = sends++;
            options.onStep?.(step, connectionAgeMs);
          },
        });
        exchange.isAnswered = true;
        transfer.status = response.status;
        return this.#wrap(exchange, transfer, response);
      } finally {
        transfer.endedMs = epochMs();
      }
    };
  }

  #wrap(exchange: Counted, transfer: Open<SentTransfer>, response: TransportResponse): TransportResponse {
    const length = Number(response.headers.get("content-length") ?? NaN);
    exchange.isWhole = length === 0;
    const { status, headers } = response;
    return {
      status,
      headers,
      read: async (target) => {
        const count = await response.read(target);
        if (count !== null) this.#count(exchange, count);
        // Some callers stop reading at the content length; others read to the end of the body.
        exchange.isWhole = count === null || exchange.bytes === length;
        transfer.endedMs = epochMs();
        return count;
      },
      [Symbol.asyncDispose]: () => response[Symbol.asyncDispose](),
    };
  }

  #startExchange(transfer: Open<SentTransfer> | null): Counted {
    const exchange: Counted = {
      id: `${requestPrefix(this.#jobId)}${this.#exchanges.length}`,
      resends: 0,
      isAnswered: false,
      bytes: 0,
      isWhole: false,
      transfer,
    };
    this.#exchanges.push(exchange);
    return exchange;
  }

  #count(exchange: Counted, count: number): void {
    exchange.bytes += count;
    this.#onBytes(count);
  }
}

/** Whether a request is one of a job, by the id with which {@linkcode CountedTraffic} has sent it. */
export function isRequestOf(jobId: string, requestId: string): boolean {
  return requestId.startsWith(requestPrefix(jobId));
}

function requestPrefix(jobId: string): string {
  return `${jobId}-`;
}

function startTransfer(url: string, headers: Readonly<Record<string, string>>): Open<SentTransfer> {
  const startedMs = epochMs();
  const start = Number(/^bytes=(\d+)-/.exec(headers["Range"] ?? headers["range"] ?? "")?.[1] ?? 0);
  return { resource: new URL(url).pathname, status: null, start, startedMs, endedMs: startedMs };
}

/** The time with fractions of a millisecond. */
function epochMs(): number {
  return performance.timeOrigin + performance.now();
}
