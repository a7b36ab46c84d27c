import { toEventItem } from "../watch/to_event_item.ts";
import { FailureError, isRetryable, retry, wrapFailure } from "../../failsafe/mod.ts";
import type { CatalogItem } from "../../library/mod.ts";
import { OPEN_GATE, type ResolvedSource, StallWatch, type TransportResponse } from "../../transfer/mod.ts";
import { checkRange } from "./_check_range.ts";
import type { FetchContext } from "../fetch/fetch_context.ts";
import { dropLink, resolveItem } from "../fetch/resolve_item.ts";

const BUFFER_BYTES = 1 << 20;

/** Bytes that are still to come, and go to the same place in the file. */
interface Gap {
  position: number;
  readonly end: number;
}

/** Fetches parts of a file that is in the library already; the signed URL is asked for once. */
export class RangeSource {
  readonly #context: FetchContext;
  readonly #item: CatalogItem;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #source: ResolvedSource | null = null;
  #etag: string | null;

  constructor(context: FetchContext, item: CatalogItem) {
    this.#context = context;
    this.#item = item;
    this.#etag = item.etag;
  }

  /**
   * Fetch a range into a file; what broke off is gone on with.
   *
   * @throws {FailureError} `changed` if the server has another object now; else why the range cannot be had
   */
  async copy(range: { readonly start: number; readonly end: number }, file: Deno.FsFile): Promise<void> {
    const { profile, clock, signal, onEvent } = this.#context;
    const gap: Gap = { position: range.start, end: range.end };
    let renewals = 0;
    await retry(() => this.#attempt(gap, file), {
      maxRetries: this.#context.maxRetries ?? profile.maxRetries,
      clock,
      signal,
      // A URL that is refused right after it was renewed is not old: the refusal is meant.
      shouldRetry: (error) => isRetryable(error) && !(isExpiry(error) && ++renewals > 2),
      onRetry: ({ attempt, waitMs, failure }) =>
        onEvent({ type: "retry", item: toEventItem(this.#item), host: this.#host, attempt, waitMs, failure }),
    });
  }

  get #host(): string | null {
    return this.#source === null ? null : new URL(this.#source.url).host;
  }

  async #attempt(gap: Gap, file: Deno.FsFile): Promise<void> {
    const { profile, signal } = this.#context;
    this.#source ??= await resolveItem(this.#context, this.#item, { fresh: false, signal });
    const { host } = new URL(this.#source.url);
    const { clock, gate = OPEN_GATE } = this.#context;
    using permit = await gate.enter(host, { signal });
    using watch = new StallWatch({ ...profile, signal, host });
    const sentAt = clock.monotonic();
    try {
      await using response = await this.#ask(gap, watch.signal);
      this.#check(response, gap, host);
      permit.answered(clock.monotonic() - sentAt);
      watch.bodyBegins();
      await this.#receive(response, { gap, file, watch });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      // Some transports hide why they were aborted; the watch knows.
      const cause: unknown = watch.signal.aborted ? watch.signal.reason : error;
      permit.failed(cause);
      if (watch.signal.aborted) throw cause;
      if (isExpiry(error)) this.#source = null;
      dropLink(this.#context, this.#item, error);
      throw wrapFailure(error, `Cannot fetch a part of "${this.#item.path}"`);
    }
  }

  #ask(gap: Gap, signal: AbortSignal): Promise<TransportResponse> {
    const { url, headers } = this.#source!;
    const condition: Record<string, string> = this.#etag === null ? {} : { "if-range": this.#etag };
    const range = `bytes=${gap.position}-${gap.end - 1}`;
    return this.#context.transport(url, {
      headers: { ...headers, "accept-encoding": "identity", range, ...condition },
      signal,
    });
  }

  #check({ status, headers }: TransportResponse, gap: Gap, host: string): void {
    checkRange(status, headers, {
      start: gap.position,
      end: gap.end,
      totalBytes: this.#item.actualBytes ?? 0,
      etag: this.#etag,
      host,
      nowMs: this.#context.clock.now(),
    });
    // Ranges of one repair must be of one object, even if nobody noted which.
    const etag = headers.get("etag");
    if (etag !== null && !etag.startsWith("W/")) this.#etag ??= etag;
  }

  async #receive(
    response: TransportResponse,
    into: { readonly gap: Gap; readonly file: Deno.FsFile; readonly watch: StallWatch },
  ): Promise<void> {
    const { limiter, signal, onEvent } = this.#context;
    const { gap, file, watch } = into;
    await file.seek(gap.position, Deno.SeekMode.Start);
    while (gap.position < gap.end) {
      const count = await response.read(this.#buffer.subarray(0, Math.min(BUFFER_BYTES, gap.end - gap.position)));
      if (count === null) {
        throw new FailureError("connection", `Cannot fetch a part of "${this.#item.path}": the body ended too early`);
      }
      await writeAll(file, this.#buffer.subarray(0, count));
      gap.position += count;
      watch.seen(count);
      onEvent({ type: "bytes", key: this.#item.key, count });
      if (limiter !== undefined) await watch.rest(limiter.pay(count, { signal }));
    }
  }
}

function isExpiry(error: unknown): boolean {
  return error instanceof FailureError && error.failure === "expired";
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
}
