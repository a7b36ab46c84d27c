import type { SQLInputValue } from "node:sqlite";
import type { Row } from "../../database.ts";
import { unpackHashes } from "../_packed_hashes.ts";
import { packHex, unpackHex } from "../_packed_hex.ts";
import { unpackSource } from "../_packed_source.ts";
import type { CatalogItem, ItemFilter, ItemKind, ItemState } from "../catalog_item.ts";

/** Convert a row of `items` to the type that the rest of the program uses. */
export function toItem(row: Row): CatalogItem {
  return {
    key: row.key as string,
    kind: row.kind as ItemKind,
    modelId: row.model_id as number | null,
    versionId: row.version_id as number | null,
    fileId: row.file_id as number | null,
    imageId: row.image_id as number | null,
    creator: row.creator as string | null,
    path: row.path as string,
    sizeBytes: row.size_bytes as number | null,
    hashes: unpackHashes(row.hashes),
    source: unpackSource(row.source),
    state: row.state as ItemState,
    outcome: row.outcome as string | null,
    reason: row.reason as string | null,
    notBefore: row.not_before as number | null,
    attempts: row.attempts as number,
    etag: row.etag as string | null,
    sha256: unpackHex(row.sha256),
    actualBytes: row.actual_bytes as number | null,
    mtimeMs: row.mtime_ms as number | null,
    doneAt: row.done_at as number | null,
    runId: row.run_id as number | null,
    sidecarDigest: unpackHex(row.sidecar_digest),
  };
}

/** SQL conditions of a filter, and their values in order. */
export interface Conditions {
  readonly where: string;
  readonly values: readonly SQLInputValue[];
}

const IN_SET = "SELECT 1 FROM temp.item_sets WHERE set_id = ? AND item_id = items.id";

/** Convert a filter to SQL conditions. */
export function toWhere(filter: ItemFilter): Conditions {
  const { runId, states, kinds, modelId, modelIds, versionIds, creator, lacksSidecars, sha256, imageId } = filter;
  const { dueBefore, dueAfter, outcome, exceptOutcome, keys, within, outside, doneSince } = filter;
  const parts: string[] = ["TRUE"];
  const values: SQLInputValue[] = [];
  const add = (sql: string, ...given: readonly SQLInputValue[]): void => {
    parts.push(sql);
    values.push(...given);
  };
  const list = (items: readonly string[]): string => items.map(() => "?").join(", ");
  if (runId !== undefined) add("run_id = ?", runId);
  if (states !== undefined) {
    add(`state IN (${list(states)})`, ...states);
    // The index has no other rows, and SQLite cannot conclude this from parameters.
    if (!states.includes("done")) add("state <> 'done'");
  }
  if (kinds !== undefined) add(`kind IN (${list(kinds)})`, ...kinds);
  if (modelId !== undefined) add("model_id = ?", modelId);
  if (modelIds !== undefined) add("model_id IN (SELECT value FROM json_each(?))", JSON.stringify(modelIds));
  if (versionIds !== undefined) {
    add("version_id IN (SELECT value FROM json_each(?))", JSON.stringify(versionIds));
  }
  if (creator !== undefined) add("creator = ?", creator);
  if (lacksSidecars) add("sidecar_digest IS NULL");
  if (sha256 !== undefined) add("sha256 = ?", packHex(sha256)!);
  if (imageId !== undefined) add("image_id = ?", imageId);
  if (dueBefore !== undefined) add("(not_before IS NULL OR not_before <= ?)", dueBefore);
  if (dueAfter !== undefined) add("not_before > ?", dueAfter);
  if (outcome !== undefined) add("outcome = ?", outcome);
  if (exceptOutcome !== undefined) add("outcome IS NOT ?", exceptOutcome);
  if (keys !== undefined) add("key IN (SELECT value FROM json_each(?))", JSON.stringify([...keys]));
  if (within !== undefined) add(`EXISTS (${IN_SET})`, within.setId);
  if (outside !== undefined) add(`NOT EXISTS (${IN_SET})`, outside.setId);
  if (doneSince !== undefined) add("done_at >= ?", doneSince);
  return { where: parts.join(" AND "), values };
}
