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
  /** Sends the requests. */
  readonly transport: Transport;
  /**
   * The engine.
   *
   * @default {PROFILES.resilient}
   */
  readonly profile?: Profile | undefined;
  /** Retries after the first try; beats the profile's. */
  readonly maxRetries?: number | undefined;
  /**
   * Give up when nothing has come for so long, however many retries are left; a failure that is told then is not worth
   * another try.
   *
   * @default {Infinity}
   */
  readonly patienceMs?: number | undefined;
  /** Shared by many transfers, stops a storm of retries where no gate with breakers does. */
  readonly budget?: RetryBudget | undefined;
  /** Shared by many transfers: the time to the first header follows each host. */
  readonly timeouts?: AdaptiveTimeout | undefined;
  /** Shares the bandwidth. */
  readonly limiter?: RateLimiter | undefined;
  /**
   * Says how many connections each host may have; shared by many transfers.
   *
   * @default {OPEN_GATE}
   */
  readonly gate?: ConnectionGate | undefined;
  /** Shared by many transfers: where more connections pay. */
  readonly lines?: LineMemory | undefined;
  /** Shared by many transfers: the thread that hashes large files. */
  readonly hashers?: HashPool | undefined;
  /**
   * Flush file and folder to disk, so that a finished file survives a power cut. Without it a crash of the program
   * still leaves no wrong byte, a crash of the machine may.
   *
   * @default {true}
   */
  readonly durable?: boolean | undefined;
  /**
   * Most bytes that the file may have: a body that is larger, or says so, ends with `too-large`; its part stays.
   *
   * @default {Infinity}
   */
  readonly maxBytes?: number | undefined;
  /** Keeps room on the disk while bytes come; none is looked for if absent. */
  readonly room?: TransferRoom | undefined;
  /** Looks at the whole part before it gets its name; a text says why it must not. */
  readonly inspect?: ((partPath: string) => Promise<string | null>) | undefined;
  /** Told what happens. */
  readonly onEvent?: ((event: TransferEvent) => void) | undefined;
  /** Stops the transfer; the part stays resumable. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /**
   * Dice, as a seam.
   *
   * @default {Math.random}
   */
  readonly random?: Random | undefined;
}

/**
 * Fetch one file: part and journal, resume, retries, hash, inspection, fsync, rename, fsync of the folder. A crash at
 * any line leaves nothing at the final name, or the whole verified file.
 *
 * @param request What to fetch and where to put it; the folder must exist
 * @param options Transport, profile, seams
 * @returns Size, digests and counts
 * @throws {IntegrityError} If the whole file came and is not the promised one; it is kept as part
 * @throws {FailureError} If it cannot be fetched
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
    // A URL that is refused right after it was renewed is not old: the refusal is meant.
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
/** Failures of a host that says nothing at all. */
const SILENCE: ReadonlySet<FailureClass> = new Set<FailureClass>(["connection", "dns", "tls", "timeout", "stall"]);

/** The same failure, and final. */
function lostPatience(error: unknown): unknown {
  if (!(error instanceof FailureError)) return error;
  return new FailureError(error.failure, error.message, {
    retryable: false,
    cause: error,
    hint: "Run again later to go on; --patience says how long to wait",
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

/** Synchronous, because handing it to another thread costs a small file more than the call takes. */
function giveName(path: string): void {
  Deno.renameSync(partPathOf(path), path);
}

/** The part was flushed when its last byte came; now it gets its name. */
async function finish(
  path: string,
  options: { readonly durable: boolean; readonly hadJournal: boolean },
): Promise<void> {
  try {
    giveName(path);
  } catch (error) {
    throw new KitError("unsafe", `Cannot give "${path}" its name: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
  if (options.durable) await syncDir(dirname(path));
  if (options.hadJournal) await removePart(path);
}
