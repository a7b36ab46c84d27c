import { dirname } from "node:path";
import { KitError, renameAtOnce, syncDir } from "../base/mod.ts";
import { attemptTransfer } from "./_attempt.ts";
import { partPathOf, removePart } from "./part/part_journal.ts";
import { retryTransfer } from "./_retry_transfer.ts";
import { SIZE_THRESHOLDS } from "./size_thresholds.ts";
import { type FinishedPart, TransferState } from "./_transfer_state.ts";
import type { Line } from "./line.ts";
import { IntegrityError, type TransferOptions, type TransferRequest, type TransferResult } from "./transfer_request.ts";

/**
 * Fetch one file into a part with a journal, with resume and retries. Then verify its hash, inspect it, and rename it
 * to its final name. If `durable`, the part is flushed to disk before the rename, and the folder after it. After a
 * crash at any point, the final name holds either nothing or the whole verified file.
 *
 * @param request What to fetch and where to put it; the folder must exist
 * @param line What all transfers share
 * @param options Signal, events, inspection, disk space
 * @returns Size, digests and counts
 * @throws {IntegrityError} If the complete file does not match the expected hash or fails `inspect`; the part is kept
 * @throws {FailureError} If the file cannot be fetched
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createTransport, openLine, transferFile } from "@civitai-dl/civitai-dl/transfer";
 *
 * await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => new Response("hello"));
 * using transport = createTransport();
 * using line = openLine({ transport: transport.send, maxRetries: 3 });
 * const request = {
 *   path: `${await Deno.makeTempDir()}/a.safetensors`,
 *   identity: { fileId: 7 },
 *   sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
 *   resolve: () => Promise.resolve({ url: `http://127.0.0.1:${server.addr.port}/a` }),
 * };
 * await transferFile(request, line);
 * assertEquals(await Deno.readTextFile(request.path), "hello");
 * ```
 */
export async function transferFile(
  request: TransferRequest,
  line: Line,
  options: TransferOptions = {},
): Promise<TransferResult> {
  const { inspect } = options;
  const { durable } = line;
  const state = new TransferState(request, line, options);
  const { value: part, retries } = await retryTransfer(state, () => attemptTransfer(state));
  await state.journalSaved();
  verify(request, part);
  const problem = await inspect?.(partPathOf(request.path)) ?? null;
  if (problem !== null) throw mismatch(request, part, problem);
  await finish(request.path, { durable, hadJournal: part.sizeBytes >= SIZE_THRESHOLDS.journalFrom || state.hadPart });
  state.onEvent({ type: "done", sizeBytes: part.sizeBytes });
  return { ...part, fetchedBytes: state.fetchedBytes, resumedBytes: state.resumedBytes, retries };
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

/** Rename the part to its final name and remove its journal. If durable, the part itself has already been flushed. */
async function finish(
  path: string,
  options: { readonly durable: boolean; readonly hadJournal: boolean },
): Promise<void> {
  try {
    await renameAtOnce(partPathOf(path), path);
  } catch (error) {
    throw new KitError(
      "unsafe",
      `Cannot rename the finished part to "${path}": ${error instanceof Error ? error.message : error}`,
      {
        cause: error,
      },
    );
  }
  try {
    if (options.durable) await syncDir(dirname(path));
  } finally {
    // The whole file has its name now, whether or not its folder could be flushed.
    if (options.hadJournal) await removePart(path);
  }
}
