import { BLOCK_BYTES } from "../base/mod.ts";
import { FailureError } from "../failsafe/mod.ts";
import { judgeResponse, type ResponseAction } from "./judge_response.ts";
import { followFile, followSmallFile, type HashFollower } from "./hash_follower.ts";
import { partPathOf, readJournal, removePart, writeJournal } from "./part_journal.ts";
import { writePart } from "./_part_writer.ts";
import { planResume, type ResumePlan } from "./plan_resume.ts";
import { StallWatch } from "./_stall_watch.ts";
import type { FinishedPart, TransferState } from "./_transfer_state.ts";
import type { TransportResponse } from "./transport.ts";

/** Below this size a restart costs less than the upkeep of a journal. */
const JOURNAL_FROM_BYTES = 128 * 1024;
/** From this size on, hashing in a worker pays. */
const WORKER_FROM_BYTES = 8 * 1024 * 1024;

/** One try: go on with the part that exists, to the end of the file. */
export async function attemptTransfer(state: TransferState): Promise<FinishedPart> {
  const { request, options } = state;
  const plan = await readPlan(state);
  const source = await request.resolve({
    fresh: state.needsFreshUrl,
    signal: options.signal ?? new AbortController().signal,
  });
  state.needsFreshUrl = false;
  const host = new URL(source.url).host;
  const headerTimeoutMs = options.timeouts?.timeoutMs(host, options.profile.headerTimeoutMs) ??
    options.profile.headerTimeoutMs;
  using watch = new StallWatch({ ...options.profile, headerTimeoutMs, signal: options.signal, host });
  const sentAt = options.clock.monotonic();
  const headers = { ...source.headers, "accept-encoding": "identity", ...rangeHeaders(plan) };
  let response: TransportResponse;
  try {
    response = await options.transport(source.url, { headers, signal: watch.signal });
  } catch (error) {
    if (watch.signal.aborted && !options.signal?.aborted) options.timeouts?.expired(host);
    throw watch.signal.aborted ? watch.signal.reason : error;
  }
  options.timeouts?.answered(host, options.clock.monotonic() - sentAt);
  await using body = response;
  const action = judgeResponse(response.status, response.headers, {
    offset: plan.offset,
    totalBytes: plan.offset > 0 ? state.journal!.totalBytes : null,
    etag: plan.etag,
    host,
    nowMs: options.clock.now(),
  });
  return await act(action, plan, { state, body, watch });
}

interface ActContext {
  readonly state: TransferState;
  readonly body: TransportResponse;
  readonly watch: StallWatch;
}

async function act(action: ResponseAction, plan: ResumePlan, context: ActContext): Promise<FinishedPart> {
  const { state, body } = context;
  switch (action.type) {
    case "fail":
      if (action.error.failure === "expired") state.needsFreshUrl = true;
      throw action.error;
    case "restart":
      await dropPart(state, action.reason);
      throw new FailureError("changed", `Cannot resume "${state.name}": ${action.reason}`, { retryAfterMs: 0 });
    case "complete":
      return await receive({ ...context, plan, totalBytes: plan.offset, isComplete: true });
    case "append":
      return await receive({ ...context, plan, totalBytes: action.totalBytes, isComplete: false });
    case "rewrite": {
      if (plan.offset > 0) await dropPart(state, "the server sends the whole file again");
      const etag = strongEtag(body.headers.get("etag"));
      const fresh: ResumePlan = { offset: 0, etag, blocks: [] };
      const { totalBytes } = action;
      state.journal = { version: 1, identity: state.request.identity, totalBytes: totalBytes ?? 0, etag, blocks: [] };
      return await receive({ ...context, plan: fresh, totalBytes, isComplete: false });
    }
  }
}

interface Reception extends ActContext {
  readonly plan: ResumePlan;
  readonly totalBytes: number | null;
  readonly isComplete: boolean;
}

async function receive(reception: Reception): Promise<FinishedPart> {
  const { state, body, watch, plan, totalBytes, isComplete } = reception;
  const partPath = partPathOf(state.request.path);
  using file = await Deno.open(partPath, { write: true, create: true });
  await file.truncate(plan.offset);
  await file.seek(plan.offset, Deno.SeekMode.Start);
  const keepsJournal = totalBytes !== null && totalBytes >= JOURNAL_FROM_BYTES;
  if (keepsJournal && plan.offset === 0) await writeJournal(state.request.path, state.journal!);
  state.onStarted(totalBytes ?? 0, plan.offset);
  const damage = { block: -1 };
  using follower = openFollower(reception, partPath, damage);
  watch.bodyBegins();
  const end = isComplete ? plan.offset : await receiveBody(reception, file, follower);
  if (totalBytes !== null && end !== totalBytes) {
    throw new FailureError(
      "connection",
      `Cannot fetch "${state.name}": the body ended at byte ${end} of ${totalBytes}`,
    );
  }
  state.options.onEvent({ type: "verifying" });
  const [digests] = await Promise.all([follower.finish(end), state.options.durable ? file.sync() : undefined]);
  if (damage.block >= 0) await cutDamage(state, damage.block);
  return { ...digests, sizeBytes: end, etag: plan.etag ?? strongEtag(body.headers.get("etag")) };
}

async function receiveBody(reception: Reception, file: Deno.FsFile, follower: HashFollower): Promise<number> {
  const { state, body, watch, plan } = reception;
  const { limiter, signal, onEvent } = state.options;
  try {
    return await writePart(body, file, {
      offset: plan.offset,
      totalBytes: reception.totalBytes,
      onWritten: (bytes, position) => follower.advance(bytes, position),
      onArrived(count) {
        watch.seen(count);
        state.fetchedBytes += count;
        onEvent({ type: "bytes", count });
        return limiter?.pay(count, { signal });
      },
    });
  } catch (error) {
    // A part that will be gone on with is worth its block digests, unless the user is waiting for us to stop.
    if (!signal?.aborted) await follower.settle();
    // Some transports hide why they were aborted; the watch knows.
    throw watch.signal.aborted ? watch.signal.reason : error;
  }
}

function openFollower(reception: Reception, partPath: string, damage: { block: number }): HashFollower {
  const { state, plan, totalBytes } = reception;
  const follow = totalBytes !== null && totalBytes >= WORKER_FROM_BYTES ? followFile : followSmallFile;
  return follow(partPath, {
    offset: plan.offset,
    blocks: plan.blocks,
    onBlock(index, crc) {
      const blocks = [...state.journal!.blocks];
      blocks[index] = crc;
      state.journal = { ...state.journal!, blocks };
      if (totalBytes !== null) state.saveJournal();
    },
    onBadBlock: (index) => damage.block = damage.block < 0 ? index : Math.min(damage.block, index),
  });
}

/** The part was damaged on disk between two runs: keep what is before the damage. */
async function cutDamage(state: TransferState, block: number): Promise<never> {
  await state.journalSaved();
  state.journal = { ...state.journal!, blocks: state.journal!.blocks.slice(0, block) };
  await writeJournal(state.request.path, state.journal);
  await Deno.truncate(partPathOf(state.request.path), block * BLOCK_BYTES);
  state.options.onEvent({ type: "restarted", reason: `block ${block} of the part is damaged`, lostBytes: 0 });
  throw new FailureError("changed", `Cannot resume "${state.name}": block ${block} of the part is damaged`, {
    retryAfterMs: 0,
  });
}

async function readPlan(state: TransferState): Promise<ResumePlan> {
  const { request } = state;
  await state.journalSaved();
  state.journal = await readJournal(request.path);
  const partBytes = await sizeOf(partPathOf(request.path));
  const hasHash = (request.sha256 ?? null) !== null;
  const plan = planResume({ partBytes, journal: state.journal, identity: request.identity, hasHash });
  if (plan.offset === 0 && partBytes > JOURNAL_FROM_BYTES) await dropPart(state, "the part is not of this file");
  return plan;
}

async function dropPart(state: TransferState, reason: string): Promise<void> {
  const lostBytes = await sizeOf(partPathOf(state.request.path));
  await state.journalSaved();
  await removePart(state.request.path);
  state.journal = null;
  state.options.onEvent({ type: "restarted", reason, lostBytes });
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

function rangeHeaders(plan: ResumePlan): Record<string, string> {
  if (plan.offset === 0) return {};
  return { range: `bytes=${plan.offset}-`, ...(plan.etag === null ? {} : { "if-range": plan.etag }) };
}

/** Only a strong validator may tie two ranges together (RFC 9110, section 13.1.5). */
function strongEtag(etag: string | null): string | null {
  return etag === null || etag.startsWith("W/") ? null : etag;
}
