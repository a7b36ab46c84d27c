import { BLOCK_BYTES, openNoFollow } from "../../base/mod.ts";
import { FailureError } from "../../failsafe/mod.ts";
import { partPathOf, writeJournal } from "./part_journal.ts";
import type { TransferState } from "../_transfer_state.ts";

/**
 * Truncate a part before a block that was damaged on disk between two runs.
 *
 * @param state The transfer
 * @param block Index of the first damaged block
 * @throws {FailureError} Always `changed`, so that the next attempt resumes from the bytes that were kept
 */
export async function cutDamage(state: TransferState, block: number): Promise<never> {
  await state.journalSaved();
  // Truncate first: a journal without the block's digest, next to a part with the damage, would hide the damage.
  using part = await openNoFollow(partPathOf(state.request.path), { write: true });
  const keptBytes = block * BLOCK_BYTES;
  const lostBytes = (await part.stat()).size - keptBytes;
  await part.truncate(keptBytes);
  const { extents: _extents, ...journal } = state.journal!;
  state.journal = { ...journal, blocks: journal.blocks.slice(0, block) };
  await writeJournal(state.request.path, state.journal);
  const reason = `block ${block} of the part is damaged`;
  state.onEvent({ type: "restarted", reason, lostBytes });
  throw new FailureError("changed", `Cannot resume "${state.name}": ${reason}`, { retryAfterMs: 0 });
}
