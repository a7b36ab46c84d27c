import type { HashMatch, Model, ModelFile, ModelVersion } from "../../civitai/mod.ts";
import { matchesHashes, type ScannedFile } from "../../library/mod.ts";

/** The published file that a file on disk was identified as, with its version and model. */
export interface Owner {
  readonly model: Model;
  readonly version: ModelVersion;
  readonly file: ModelFile;
}

/** A model file on disk with the hash of its bytes. */
export interface HashedFile {
  readonly scanned: ScannedFile;
  readonly sha256: string;
  /** CRC-32, 8 hexadecimal digits; absent if it was not computed. */
  readonly crc32?: string | undefined;
}

/** Whether the sidecars of a file name a version and contain the hash of exactly these bytes. */
export function isProvedBySidecar({ scanned, sha256 }: HashedFile): boolean {
  return scanned.versionId !== null && scanned.sha256 === sha256;
}

/** Choose the version of a file that several versions publish: the one that its sidecars name, otherwise the oldest. */
export function chooseMatch(matches: readonly HashMatch[], scanned: ScannedFile): HashMatch | null {
  const claimed = matches.find((match) => match.versionId === scanned.versionId);
  return claimed ?? matches.toSorted((a, b) => a.versionId - b.versionId)[0] ?? null;
}

/** Find the file of a version that equals a file on disk: by hash, then among equal files by sidecar, then by name. */
export function chooseOwner(model: Model, versionId: number, hashed: HashedFile): Owner | null {
  const { scanned, sha256, crc32 } = hashed;
  const version = model.versions.find((candidate) => candidate.id === versionId);
  if (version === undefined) return null;
  const judged = version.files.map((file) => ({ file, verdict: matchesHashes({ sha256, crc32 }, file.hashes) }));
  const equal = judged.filter(({ verdict }) => verdict === "match").map(({ file }) => file);
  const name = scanned.path.slice(scanned.path.lastIndexOf("/") + 1);
  const claimedId = version.id === scanned.versionId ? scanned.fileId : null;
  // A file without published hashes can only be identified by sidecars that contain the right hash.
  const unhashed = isProvedBySidecar(hashed)
    ? judged.find(({ file, verdict }) => verdict === "unknown" && file.id === claimedId)?.file
    : undefined;
  const file = equal.find(({ id }) => id === claimedId) ?? equal.find((candidate) => candidate.name === name) ??
    equal[0] ??
    unhashed;
  return file === undefined ? null : { model, version, file };
}
