import { dirname } from "node:path";
import { type Clock, KitError, type Random, syncDir, systemClock } from "../base/mod.ts";
import {
  type AdaptiveTimeout,
  classifyFailure,
  type FailureClass,
  FailureError,
  isRetryable,
  retry,
  RETRY_POLICY,
  type RetryBudget,
  wrapFailure,
} from "../failsafe/mod.ts";
import { attemptTransfer } from "./_attempt.ts";
import { type ConnectionGate, OPEN_GATE } from "./segments/connection_gate.ts";
import { HashPool } from "./part/hash_pool.ts";
import { LineMemory } from "./segments/line_memory.ts";
import { type FinishedPart, TransferState } from "./_transfer_state.ts";
import { JOURNAL_FROM_BYTES } from "./part/part_file.ts";
import { partPathOf, removePart } from "./part/part_journal.ts";
import { type Profile, PROFILES } from "./profile.ts";
import type { RateLimiter } from "./rate/rate_limiter.ts";
import {
  IntegrityError,
  type TransferEvent,
  type TransferRequest,
  type TransferResult,
  type TransferRoom,
} from "./transfer_request.ts";
import type { Transport } from "./http/transport.ts";

/** Options of {@linkcode transferFile}. */
export interface TransferOptions {
  /** Sends the requests; the caller owns and disposes it. */
  readonly transport: Transport;
  /**
   * Timeouts, retries and connections.
   *
   * @default {PROFILES.resilient}
   */
  readonly profile?: Profile | undefined;
  /** Retries after the first attempt; overrides the profile's. */
  readonly maxRetries?: number | undefined;
  /**
   * Give up when no bytes have arrived for this long, regardless of the retries left; the error is then not retryable.
   * Applies to connection, DNS, TLS, timeout and stall failures.
   *
   * @default {Infinity}
   */
  readonly patienceMs?: number | undefined;
  /** Retry budget, shared by many transfers: prevents retry storms where `gate` has no circuit breakers. */
  readonly budget?: RetryBudget | undefined;
  /** Adapts the header timeout to each host; shared by many transfers. */
  readonly timeouts?: AdaptiveTimeout | undefined;
  /** Limits the bandwidth over all transfers that share it; unlimited if absent. */
  readonly limiter?: RateLimiter | undefined;
  /**
   * Permit pool that decides how many connections each host may have; shared by many transfers.
   *
   * @default {OPEN_GATE}
   */
  readonly gate?: ConnectionGate | undefined;
  /** Remembers for which hosts more connections pay; shared by many transfers. */
  readonly lines?: LineMemory | undefined;
  /** The thread that hashes large files; shared by many transfers. If absent, the transfer starts one of its own. */
  readonly hashers?: HashPool | undefined;
  /**
   * Flush file and folder to disk, so that a finished file survives a power cut. If false, a crash of the program still
   * leaves no wrong byte, but a crash of the machine may.
   *
   * @default {true}
   */
  readonly durable?: boolean | undefined;
  /**
   * Maximum size of the file: a body that is or announces to be larger fails with `too-large`; the part is kept.
   *
   * @default {Infinity}
   */
  readonly maxBytes?: number | undefined;
  /** Reserves disk space while bytes arrive; if absent, free space is not checked. */
  readonly room?: TransferRoom | undefined;
  /** Inspects the complete part before it is renamed to its final name; a returned text rejects it with this reason. */
  readonly inspect?: ((partPath: string) => Promise<string | null>) | undefined;
  /** Receives the events of the transfer. */
  readonly onEvent?: ((event: TransferEvent) => void) | undefined;
  /** Stops the transfer; the part stays resumable. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Time source, a seam for tests.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /**
   * Random source of the retry jitter, a seam for tests.
   *
   * @default {Math.random}
   */
  readonly random?: Random | undefined;
}

/**
 * Fetch one file: part and journal, resume, retries, hash, inspection, fsync, rename, fsync of the folder. After a
 * crash at any line the final name holds either nothing or the whole verified file.
 *
 * @param request What to fetch and where to put it; the folder must exist
 * @param options Transport, profile, seams
 * @returns Size, digests and counts
 * @throws {IntegrityError} If the complete file does not match the expected hash or fails `inspect`; the part is kept
 * @throws {FailureError} If the file cannot be fetched
 */
export async function transferFile(request: TransferRequest, options: TransferOptions): Promise<TransferResult> {
  const { transport, profile = PROFILES.resilient, budget, limiter, inspect, signal, durable = true } = options;
  const { onEvent = () => {}, clock = systemClock, random = Math.random } = options;
  using own = options.hashers === undefined ? new HashPool() : undefined;
  const { gate = OPEN_GATE, lines = new LineMemory({ clock }), hashers = own!, timeouts } = options;
  const { maxBytes = Infinity, room, patienceMs = Infinity } = options;
  const bounds = { maxBytes, room, durable };
  const settled = { transport, profile, clock, signal, limiter, timeouts, gate, lines, hashers, onEvent, ...bounds };
  const state = new TransferState(request, settled);
  let retries = 0;
  let renewals = 0;
  const hasPatience = (error: unknown): boolean =>
    !SILENCE.has(classifyFailure(error)) || clock.monotonic() - state.lastBytesAt < patienceMs;
  const part = await retry(() => attempt(state), {
    capMs: () => Math.min(state.isHostServing ? backoff.servingCapMs : backoff.capMs, patienceMs / 3),
    maxRetries: options.maxRetries ?? profile.maxRetries,
    budget,
    signal,
    clock,
    random,
    // A URL that is refused right after its renewal has not expired: the refusal is final.
    shouldRetry: (error) =>
      isRetryable(error) && !state.isLocateError(error) && hasPatience(error) && !(isExpiry(error) && ++renewals > 2),
    onRetry({ attempt, waitMs, failure }) {
      retries++;
      onEvent({ type: "retry", attempt, waitMs, failure });
    },
  }).catch((error) => {
    throw hasPatience(error) ? error : lostPatience(error);
  });
  await state.journalSaved();
  verify(request, part);
  const problem = await inspect?.(partPathOf(request.path)) ?? null;
  if (problem !== null) throw mismatch(request, part, problem);
  await finish(request.path, { durable, hadJournal: part.sizeBytes >= JOURNAL_FROM_BYTES || state.metPart });
  onEvent({ type: "done", sizeBytes: part.sizeBytes });
  return { ...part, fetchedBytes: state.fetchedBytes, resumedBytes: state.resumedBytes, retries };
}

const { backoff } = RETRY_POLICY;
/** Failures of a host that sends nothing at all. */
const SILENCE: ReadonlySet<FailureClass> = new Set<FailureClass>(["connection", "dns", "tls", "timeout", "stall"]);

/** Make a failure final: the same class and message, but not retryable. */
function lostPatience(error: unknown): unknown {
  if (!(error instanceof FailureError)) return error;
  return new FailureError(error.failure, error.message, {
    retryable: false,
    cause: error,
    hint: "Run again later to resume; --patience sets how long to keep trying",
  });
}

async function attempt(state: TransferState): Promise<FinishedPart> {
  try {
    return await attemptTransfer(state);
  } catch (error) {
    const { signal } = state.options;
    throw signal?.aborted ? signal.reason : wrapFailure(error, `Cannot fetch "${state.name}"`);
  }
}

function isExpiry(error: unknown): boolean {
  return error instanceof FailureError && error.failure === "expired";
}

function verify(request: TransferRequest, part: FinishedPart): void {
  const expected = request.sha256?.toLowerCase() ?? part.sha256;
  if (expected !== part.sha256) throw mismatch(request, part, `SHA-256 is ${part.sha256}, expected ${expected}`);
}

function mismatch(request: TransferRequest, part: FinishedPart, state: string): IntegrityError {
  return new IntegrityError(`Cannot keep "${request.path}": ${state}`, {
    actual: { sha256: part.sha256, sizeBytes: part.sizeBytes },
    partPath: partPathOf(request.path),
  });
}

/** Synchronous, because dispatching to another thread costs a small file more than the call itself. */
function giveName(path: string): void {
  Deno.renameSync(partPathOf(path), path);
}

/** Rename the part to its final name and remove its journal. If durable, the part itself has been flushed already. */
async function finish(
  path: string,
  options: { readonly durable: boolean; readonly hadJournal: boolean },
): Promise<void> {
  try {
    giveName(path);
  } catch (error) {
    throw new KitError(
      "unsafe",
      `Cannot rename the finished part to "${path}": ${error instanceof Error ? error.message : error}`,
      {
        cause: error,
      },
    );
  }
  if (options.durable) await syncDir(dirname(path));
  if (options.hadJournal) await removePart(path);
}
