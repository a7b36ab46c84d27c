import { type ConnectionPermit, OPEN_PERMIT } from "./segments/connection_gate.ts";
import { judgeResponse, type ResponseAction } from "./judge_response.ts";
import type { Profile } from "./profile.ts";
import { StallWatch } from "./rate/stall_watch.ts";
import type { TransferState } from "./_transfer_state.ts";
import type { TransportOptions, TransportResponse } from "./http/transport.ts";

/** A part of the file to ask for. */
export interface WantedRange {
  readonly start: number;
  /** Behind its last byte; absent asks for all to the end. */
  readonly end?: number | undefined;
  /** What ties it to what is there already. */
  readonly etag: string | null;
  /** What the whole file must have, if that is known. */
  readonly totalBytes: number | null;
  /** Ends this range alone. */
  readonly signal: AbortSignal;
}

/** An answer whose body is still to come; dispose it to end its connection. */
export interface OpenRange extends AsyncDisposable {
  readonly host: string;
  /** Which answer to the question where the bytes are was used. */
  readonly generation: number;
  readonly body: TransportResponse;
  readonly watch: StallWatch;
  readonly action: ResponseAction;
  /** Some of the body has come. */
  readonly flows: () => void;
  /** The body did not come whole. */
  readonly failed: (error: unknown) => void;
}

/**
 * Ask for a range.
 *
 * @param state The transfer
 * @param wanted Which bytes
 * @param permit Leave for the connection, if it was got before; without it, it is waited for
 * @returns The answer and what it means
 */
export async function openRange(
  state: TransferState,
  wanted: WantedRange,
  permit?: ConnectionPermit,
): Promise<OpenRange> {
  const { options } = state;
  const { clock, profile, timeouts, transport, gate } = options;
  await using stack = new AsyncDisposableStack();
  const { source, generation } = await state.locate(wanted.signal);
  const host = new URL(source.url).host;
  // Who answers for what happens: the host that was asked last.
  let leave = permit ?? stack.use(await gate.enter(host, { signal: wanted.signal }));
  const headerTimeoutMs = timeouts?.timeoutMs(host, profile.headerTimeoutMs) ?? profile.headerTimeoutMs;
  const watch = stack.use(new StallWatch({ ...profile, headerTimeoutMs, signal: wanted.signal, host }));
  let sentAt = clock.monotonic();
  const enter = async (next: string): Promise<Disposable> => {
    leave.answered(clock.monotonic() - sentAt);
    // Until leave is there nothing is asked of anybody, and nobody is to blame.
    watch.answered();
    leave = OPEN_PERMIT;
    leave = await gate.enter(next, { signal: wanted.signal });
    watch.asked();
    sentAt = clock.monotonic();
    return leave;
  };
  const headers = { ...source.headers, "accept-encoding": "identity", ...rangeHeaders(wanted) };
  let body: TransportResponse;
  try {
    body = stack.use(
      await transport(source.url, { headers, signal: watch.signal, enter, ...phaseLimits(profile, headerTimeoutMs) }),
    );
  } catch (error) {
    if (watch.signal.aborted && !wanted.signal.aborted) timeouts?.expired(host);
    const cause: unknown = watch.signal.aborted ? watch.signal.reason : error;
    if (!wanted.signal.aborted) leave.failed(cause);
    throw cause;
  }
  watch.answered();
  const latencyMs = clock.monotonic() - sentAt;
  timeouts?.answered(host, latencyMs);
  const action = judgeResponse(body.status, body.headers, {
    offset: wanted.start,
    end: wanted.end,
    totalBytes: wanted.totalBytes,
    etag: wanted.etag,
    host,
    nowMs: clock.now(),
  });
  if (action.type !== "fail") leave.answered(latencyMs);
  else if (action.error.failure === "throttled") leave.refused(action.error.retryAfterMs);
  else leave.failed(action.error);
  const owned = stack.move();
  const failed = (error: unknown): void => leave.failed(error);
  const flows = (): void => leave.flows();
  return { host, generation, body, watch, action, flows, failed, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** A host that answers fast is also connected to fast. */
function phaseLimits(
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
