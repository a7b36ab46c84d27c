import { join } from "node:path";
import { statSyncOrNull } from "../../base/mod.ts";
import { isInnerPath } from "../../library/mod.ts";
import type { Owner } from "./_choose_owner.ts";
import type { HashedScan } from "./_read_files.ts";
import type { Library } from "../open_library.ts";
import type { FileSource } from "../plan/plan_model.ts";
import { sidecarDigest } from "../sidecar_digest.ts";

/** A file on disk, and the published file that it was identified as. */
export interface Restoration extends HashedScan {
  readonly owner: Owner;
  readonly runId: number;
}

/**
 * Write the rows that a download of this file would have written.
 *
 * @returns `restored` if the rows were written, `copy` if the catalog has the file at another path, `taken` if it has
 * another file at this path
 */
export function restoreItem(library: Library, restoration: Restoration): "restored" | "copy" | "taken" {
  const { root, catalog } = library;
  const { scanned, owner: { version, file } } = restoration;
  const key = `file:${version.id}:${file.id}`;
  const known = catalog.item(key);
  const holder = catalog.itemByPath(scanned.path);
  if (holder !== null && holder.key !== key) return "taken";
  const isElsewhere = known !== null && known.path !== scanned.path;
  const isKnownThere = isElsewhere && known.state === "done" && isInnerPath(known.path);
  if (isKnownThere && statSyncOrNull(join(root, known.path)) !== null) return "copy";
  catalog.transaction(() => {
    if (isElsewhere) catalog.setPath(key, scanned.path);
    writeRows(library, restoration, key);
  });
  return "restored";
}

function writeRows({ catalog }: Library, restoration: Restoration, key: string): void {
  const { scanned, hashes, owner: { model, version, file }, runId } = restoration;
  const { versions: _versions, unreadable: _models, ...modelJson } = model;
  const { files: _files, images: _images, unreadable: _entries, ...versionJson } = version;
  const ofModel = catalog.putModel(model.id, {
    name: model.name,
    type: model.type,
    creator: model.creator,
    json: modelJson,
  });
  const ofVersion = catalog.putVersion(version.id, { ...version, json: versionJson });
  const source: FileSource = { type: file.type, format: file.format, linkedQuery: file.linkedQuery };
  catalog.plan({
    key,
    kind: "file",
    modelId: model.id,
    versionId: version.id,
    fileId: file.id,
    imageId: null,
    creator: model.creator,
    path: scanned.path,
    sizeBytes: file.sizeBytes,
    hashes: file.hashes as Readonly<Record<string, string>>,
    source: JSON.stringify(source),
  }, runId);
  catalog.markDone(key, {
    sha256: hashes.sha256,
    actualBytes: hashes.sizeBytes,
    mtimeMs: scanned.mtimeMs ?? 0,
    etag: null,
    outcome: "already there",
    blocks: hashes.blocks,
  });
  // Existing sidecars were made from these facts, or belong to the user; the next run writes missing ones.
  const digest = sidecarDigest(ofModel, ofVersion);
  catalog.setSidecarDigest(key, scanned.versionId === null ? null : digest);
}
