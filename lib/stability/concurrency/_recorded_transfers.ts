import type { Transport, TransportResponse } from "../../transfer/mod.ts";
import type { RecordedTransfer } from "./concurrency_job.ts";

type Open = { -readonly [Key in keyof RecordedTransfer]: RecordedTransfer[Key] };

/** Records every request for bytes: for what, from when to when, and whether it was complete. */
export class RecordedTransfers {
  readonly #prefix: string;
  readonly #all: Open[] = [];

  /** Start with no requests; a dash and the number of the request follow the prefix of its id. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** All requests so far. */
  get all(): readonly RecordedTransfer[] {
    return this.#all;
  }

  /** Wrap a transport so that its requests are recorded. */
  wrap(send: Transport): Transport {
    return async (url, options) => {
      const id = `${this.#prefix}-${this.#all.length}`;
      const startedMs = epochMs();
      const start = Number(/^bytes=(\d+)-/.exec(options.headers["Range"] ?? options.headers["range"] ?? "")?.[1] ?? 0);
      const resource = new URL(url).pathname;
      const one: Open = {
        id,
        resource,
        status: null,
        start,
        bytes: 0,
        isWhole: false,
        startedMs,
        endedMs: startedMs,
      };
      this.#all.push(one);
      try {
        const response = await send(url, { ...options, headers: { ...options.headers, "X-Request-Id": id } });
        one.status = response.status;
        return watch(one, response);
      } finally {
        one.endedMs = epochMs();
      }
    };
  }
}

function watch(one: Open, response: TransportResponse): TransportResponse {
  const { status, headers } = response;
  const length = Number(headers.get("content-length") ?? NaN);
  return {
    status,
    headers,
    async read(target) {
      const count = await response.read(target);
      one.bytes += count ?? 0;
      // Some callers stop reading at the content length; others read to the end of the body.
      one.isWhole = count === null || one.bytes === length;
      one.endedMs = epochMs();
      return count;
    },
    [Symbol.asyncDispose]: () => response[Symbol.asyncDispose](),
  };
}

/** The time with fractions of a millisecond; comparable between processes of this machine. */
function epochMs(): number {
  return performance.timeOrigin + performance.now();
}
