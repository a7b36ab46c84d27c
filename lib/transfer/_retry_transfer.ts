import {
  classifyFailure,
  type FailureClass,
  FailureError,
  isRetryable,
  retry,
  RETRY_POLICY,
  wrapFailure,
} from "../failsafe/mod.ts";
import type { TransferState } from "./_transfer_state.ts";

/** Result of the last attempt. */
export interface Retried<T> {
  readonly value: T;
  /** Number of attempts after the first. */
  readonly retries: number;
}

const { backoff } = RETRY_POLICY;
/** If a URL is refused again after this many renewals without a byte in between, the refusal is final. */
const MAX_RENEWALS = 2;
/** Failures of a host that sends nothing at all. */
const SILENCE: ReadonlySet<FailureClass> = new Set<FailureClass>(["connection", "dns", "tls", "timeout", "stall"]);

/**
 * Repeat an attempt of a transfer until it succeeds, within the limits of retries and patience.
 *
 * @param state State that the attempts share
 * @param attempt One attempt; it continues where the last one stopped
 * @returns The result, and the number of retries
 * @throws {FailureError} The last failure; not retryable if nothing has arrived for `patienceMs`
 */
export async function retryTransfer<T>(
  state: TransferState,
  attempt: () => Promise<T>,
): Promise<Retried<T>> {
  const { profile, signal, onEvent, line: { maxRetries = profile.maxRetries, patienceMs, clock, random } } = state;
  let retries = 0;
  let renewals = 0;
  let fetchedBefore = 0;
  const hasPatience = (error: unknown): boolean =>
    !SILENCE.has(classifyFailure(error)) || clock.monotonic() - state.lastBytesAt < patienceMs;
  /** Whether the server refuses every URL, rather than only URLs that expired while bytes arrived. */
  const isRefused = (error: unknown): boolean => {
    if (!isExpiry(error)) return false;
    if (state.fetchedBytes > fetchedBefore) renewals = 0;
    fetchedBefore = state.fetchedBytes;
    return ++renewals > MAX_RENEWALS;
  };
  let startedAt = 0;
  /** Time that the last attempt waited for its next byte. */
  const waitedMs = (): number => clock.monotonic() - Math.max(startedAt, state.lastBytesAt);
  const named = async (): Promise<T> => {
    state.attempt++;
    startedAt = clock.monotonic();
    try {
      return await attempt();
    } catch (error) {
      throw signal?.aborted ? signal.reason : wrapFailure(error, `Cannot fetch "${state.name}"`);
    }
  };
  try {
    const value = await retry(named, {
      // An attempt that waited for a silent host has already kept its distance from the next one.
      capMs: () => {
        const capMs = Math.min(state.isHostServing ? backoff.servingCapMs : backoff.capMs, patienceMs / 3);
        return Math.min(capMs, Math.max(backoff.baseMs, capMs - waitedMs()));
      },
      maxRetries,
      signal,
      wake: () => state.revival,
      clock,
      random,
      shouldRetry: (error) =>
        isRetryable(error) && !state.isLocateError(error) && hasPatience(error) && !isRefused(error),
      onRetry({ attempt, waitMs, failure }) {
        retries++;
        onEvent({ type: "retry", attempt, waitMs, failure });
      },
    });
    return { value, retries };
  } catch (error) {
    throw hasPatience(error) ? error : lostPatience(error);
  }
}

/** Make a failure final: the same class and message, but not retryable. */
function lostPatience(error: unknown): unknown {
  if (!(error instanceof FailureError)) return error;
  return new FailureError(error.failure, error.message, {
    retryable: false,
    cause: error,
    hint: "Run again later to resume; --patience sets how long to keep trying",
  });
}

function isExpiry(error: unknown): boolean {
  return error instanceof FailureError && error.failure === "expired";
}
