import { isReachable, statSyncOrNull } from "../base/mod.ts";
import { FailureError } from "../failsafe/mod.ts";
import { Crew } from "./segments/crew.ts";
import { frontierOf, missingExtents, sizeOfExtents } from "./part/extents.ts";
import { type OpenRange, openRange } from "./_open_range.ts";
import { PartFile } from "./part/part_file.ts";
import { type PartDecision, partPathOf, readJournal, removePart, withDecision } from "./part/part_journal.ts";
import { planResume, type ResumePlan } from "./part/plan_resume.ts";
import { SIZE_THRESHOLDS } from "./size_thresholds.ts";
import type { FinishedPart, TransferState } from "./_transfer_state.ts";

/** Run one attempt: resume from the existing part, if any, and fetch the rest of the file. */
export async function attemptTransfer(state: TransferState): Promise<FinishedPart> {
  const { signal } = state;
  const plan = await prepareResume(state);
  const totalBytes = plan.extents.length === 0 ? null : state.journal!.totalBytes;
  const [gap] = missingExtents(plan.extents, totalBytes ?? Infinity);
  if (gap === undefined) return await complete(state, plan);
  const stop = new AbortController();
  await using range = await openRange(state, {
    start: gap[0],
    end: gap[1] === (totalBytes ?? Infinity) ? undefined : gap[1],
    etag: plan.etag,
    totalBytes,
    signal: signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]),
  });
  const started = await handleFirstResponse(state, range, plan);
  if (started === null) return await complete(state, plan);
  if ((started.totalBytes ?? 0) > state.maxBytes) throw state.createTooLargeError();
  state.space?.begin({ totalBytes: started.totalBytes, keptBytes: sizeOfExtents(started.plan.extents) });
  await using part = await PartFile.open(state, started.plan, started.totalBytes);
  const connections = new Crew(state, part, range.host);
  await connections.run({ range, stop });
  return await part.finish();
}

/** Finish a part that already holds every byte. */
async function complete(state: TransferState, plan: ResumePlan): Promise<FinishedPart> {
  await using part = await PartFile.open(state, plan, frontierOf(plan.extents));
  return await part.finish();
}

interface StartedTransfer {
  readonly plan: ResumePlan;
  readonly totalBytes: number | null;
}

/** Act on the first response. Returns `null` when no bytes are missing. */
async function handleFirstResponse(
  state: TransferState,
  range: OpenRange,
  plan: ResumePlan,
): Promise<StartedTransfer | null> {
  const { action, body: response } = range;
  const etag = strongEtag(response.headers.get("etag"));
  switch (action.type) {
    case "fail":
      if (action.error.failure === "expired") state.expire(range.generation);
      throw action.error;
    case "restart":
      await dropPart(state, action.reason);
      throw new FailureError("changed", `Cannot resume "${state.name}": ${action.reason}`, { retryAfterMs: 0 });
    case "complete":
      return null;
    case "append":
      recordHandOver(state, sizeOfExtents(plan.extents));
      state.journal = { ...state.journal!, etag: plan.etag ?? etag };
      return { plan, totalBytes: action.totalBytes };
    case "rewrite": {
      if (plan.extents.length > 0) await dropPart(state, "the server ignored the range and sent the whole file");
      const { totalBytes } = action;
      const { identity } = state.request;
      const fresh = { version: 1, identity, totalBytes: totalBytes ?? 0, etag, blocks: [] } as const;
      state.journal = withDecision(fresh, decisionAt(state, 0));
      return { plan: { extents: [], etag, blocks: [] }, totalBytes };
    }
  }
}

/** Record in the journal at once that another engine than before goes on with the part. */
function recordHandOver(state: TransferState, keptBytes: number): void {
  const journal = withDecision(state.journal!, decisionAt(state, keptBytes));
  if (journal === state.journal) return;
  state.journal = journal;
  state.saveJournal();
}

function decisionAt({ request: { decision } }: TransferState, fromBytes: number): PartDecision | undefined {
  return decision === undefined ? undefined : { ...decision, fromBytes };
}

async function prepareResume(state: TransferState): Promise<ResumePlan> {
  const { request } = state;
  await state.journalSaved();
  const found = sizeOf(partPathOf(request.path));
  if (found !== null) state.hadPart = true;
  const partBytes = found ?? 0;
  state.journal = partBytes === 0 ? null : await readJournal(request.path);
  const hasHash = (request.sha256 ?? null) !== null;
  const plan = planResume({ partBytes, journal: state.journal, identity: request.identity, hasHash });
  if (plan.extents.length === 0 && partBytes > SIZE_THRESHOLDS.journalFrom) {
    await dropPart(state, "the part belongs to another file or cannot be verified");
  }
  return plan;
}

async function dropPart(state: TransferState, reason: string): Promise<void> {
  const lostBytes = sizeOf(partPathOf(state.request.path)) ?? 0;
  await state.journalSaved();
  await removePart(state.request.path);
  state.journal = null;
  state.onEvent({ type: "restarted", reason, lostBytes });
}

/** Return the size of a file, or `null` if there is none, as is usual. */
function sizeOf(path: string): number | null {
  return isReachable(path) ? statSyncOrNull(path)?.size ?? null : null;
}

/** Only a strong validator may be used to combine ranges (RFC 9110, section 13.1.5). */
function strongEtag(etag: string | null): string | null {
  return etag === null || etag.startsWith("W/") ? null : etag;
}
