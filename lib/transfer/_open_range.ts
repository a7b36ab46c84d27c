import type { StepTimeouts } from "../failsafe/mod.ts";
import { type ConnectionPermit, FREE_PERMIT } from "./segments/connection_permits.ts";
import { judgeResponse, type ResponseAction } from "./judge_response.ts";
import type { Profile } from "./profile.ts";
import type { RateLimiter } from "./rate/rate_limiter.ts";
import { StallWatch } from "./rate/stall_watch.ts";
import type { TransferState } from "./_transfer_state.ts";
import { WaitReporter } from "./_wait_reporter.ts";
import type { TransportOptions, TransportResponse } from "./http/transport.ts";

/** A range of the file to request. */
export interface WantedRange {
  readonly start: number;
  /** Exclusive end; if absent, everything to the end of the file is requested. */
  readonly end?: number | undefined;
  /**
   * The validator to send with `If-Range`, so that the range matches the bytes already in the part; `null` for none.
   */
  readonly etag: string | null;
  /** Expected size of the whole file; `null` if unknown. */
  readonly totalBytes: number | null;
  /** Aborts this range only. */
  readonly signal: AbortSignal;
}

/** A response whose body has not been read yet; dispose it to release its connection. */
export interface OpenRange extends AsyncDisposable {
  readonly host: string;
  /** Generation of the {@linkcode Location} that was used. */
  readonly generation: number;
  readonly body: TransportResponse;
  readonly watch: StallWatch;
  readonly action: ResponseAction;
  /** Limits the speed of the body; `undefined` for no limit. */
  readonly limiter: RateLimiter | undefined;
  /** Reports to the permit that body bytes arrived. */
  readonly recordFlow: () => void;
  /** Reports to the permit that the body did not arrive completely. */
  readonly recordFailure: (error: unknown) => void;
}

/**
 * Request a range and judge the response.
 *
 * @param state The transfer
 * @param wanted The bytes to request
 * @param permit Permit for the connection; if absent, the function waits for one and releases it when the result is
 * disposed
 * @returns The response and the action to take
 */
export async function openRange(
  state: TransferState,
  wanted: WantedRange,
  permit?: ConnectionPermit,
): Promise<OpenRange> {
  const { clock, timeouts, hostTimeouts, permits, limiter } = state.line;
  await using stack = new AsyncDisposableStack();
  const { source, generation } = await state.locate(wanted.signal);
  const host = new URL(source.url).host;
  // Outcomes are reported to the permit of the host that was requested last.
  const first = permit ?? stack.use(await permits.acquire(host, { signal: wanted.signal }));
  let current = first;
  const fixed = hostTimeouts.of(host);
  const profile = withFixed(state.profile, fixed);
  const headerTimeoutMs = timeouts?.timeoutMs(host, profile.headerTimeoutMs, { fixedMs: fixed.headers }) ??
    profile.headerTimeoutMs;
  const watch = stack.use(new StallWatch({ ...profile, headerTimeoutMs, signal: wanted.signal, host }));
  const usualMs = timeouts?.usualMs(host, profile.headerTimeoutMs) ?? profile.headerTimeoutMs;
  const revival = permits.revivalOf?.(host);
  const onRevival = (): void => watch.hurry(fixed.headers ?? usualMs);
  revival?.addEventListener("abort", onRevival, { once: true });
  stack.defer(() => revival?.removeEventListener("abort", onRevival));
  const waits = new WaitReporter(state, { host, headerTimeoutMs });
  let sentAt = clock.monotonic();
  const release = (): void => {
    if (current !== first) current[Symbol.dispose]();
  };
  stack.defer(release);
  const enter = async (next: string): Promise<void> => {
    const answeredMs = clock.monotonic() - sentAt;
    current.recordResponse(answeredMs);
    waits.recordHeaders(answeredMs, next);
    release();
    // While waiting for the next permit no request is pending, so no failure is attributed to a host.
    watch.stopHeaderTimeout();
    current = FREE_PERMIT;
    current = next === host ? first : await permits.acquire(next, { signal: wanted.signal });
    watch.startHeaderTimeout();
    sentAt = clock.monotonic();
  };
  const headers = { ...source.headers, "accept-encoding": "identity", ...rangeHeaders(wanted) };
  let body: TransportResponse;
  try {
    body = stack.use(
      await state.send(source.url, {
        headers,
        signal: watch.signal,
        enter,
        ...stepLimits(profile, headerTimeoutMs),
        ...waits.observers,
      }),
    );
  } catch (error) {
    if (watch.signal.aborted && !wanted.signal.aborted) {
      timeouts?.recordExpiry(host);
      waits.recordHeaderTimeout(clock.monotonic() - sentAt);
    }
    const cause: unknown = watch.signal.aborted ? watch.signal.reason : error;
    if (!wanted.signal.aborted) current.recordFailure(cause);
    throw cause;
  }
  watch.stopHeaderTimeout();
  const latencyMs = clock.monotonic() - sentAt;
  timeouts?.recordResponse(host, latencyMs);
  waits.recordHeaders(latencyMs);
  stack.defer(() => waits.recordBody(watch, profile.stallMs));
  const action = judgeResponse(body.status, body.headers, {
    offset: wanted.start,
    end: wanted.end,
    totalBytes: wanted.totalBytes,
    etag: wanted.etag,
    host,
    nowMs: clock.now(),
  });
  if (action.type !== "fail") current.recordResponse(latencyMs);
  else if (action.error.failure === "throttled") current.recordRefusal(action.error.retryAfterMs);
  else current.recordFailure(action.error);
  const owned = stack.move();
  const recordFailure = (error: unknown): void => current.recordFailure(error);
  const recordFlow = (): void => current.recordFlow();
  return {
    host,
    generation,
    body,
    watch,
    action,
    limiter,
    recordFlow,
    recordFailure,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Replace the limits of a profile by those that are set for the host. */
function withFixed(profile: Profile, fixed: StepTimeouts): Profile {
  return {
    ...profile,
    connectTimeoutMs: fixed.connect ?? profile.connectTimeoutMs,
    tlsTimeoutMs: fixed.tls ?? profile.tlsTimeoutMs,
    headerTimeoutMs: fixed.headers ?? profile.headerTimeoutMs,
    stallMs: fixed.body ?? profile.stallMs,
  };
}

/** Cap the connect and TLS timeouts at the header timeout, which adapts to the host. */
function stepLimits(
  profile: Profile,
  headerTimeoutMs: number,
): Pick<TransportOptions, "connectTimeoutMs" | "tlsTimeoutMs"> {
  return {
    connectTimeoutMs: Math.min(profile.connectTimeoutMs, headerTimeoutMs),
    tlsTimeoutMs: Math.min(profile.tlsTimeoutMs, headerTimeoutMs),
  };
}

function rangeHeaders({ start, end, etag }: WantedRange): Record<string, string> {
  if (start === 0 && end === undefined) return {};
  const last = end === undefined ? "" : end - 1;
  return { range: `bytes=${start}-${last}`, ...(etag === null ? {} : { "if-range": etag }) };
}
