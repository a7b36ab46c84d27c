import { foldPath } from "../naming/fold_path.ts";
import { isFields, numberOf } from "../_lossless_json.ts";

/** Ids and SHA-256 that a sidecar records for its file. */
export interface SidecarIds {
  readonly modelId: number | null;
  readonly versionId: number | null;
  readonly fileId: number | null;
  readonly sha256: string | null;
}

/**
 * Read a `.civitai.info`. The file's entry is found by name, otherwise by size, otherwise because it is the only one.
 * Return `null` if the JSON describes no version.
 */
export function idsFromInfo(json: unknown, name: string, sizeBytes: number): SidecarIds | null {
  if (!isFields(json) || !isId(json.id)) return null;
  const files = (Array.isArray(json.files) ? json.files : []).filter(isFields);
  const bySize = files.filter((file) => Math.abs((numberOf(file.sizeKB) ?? Infinity) * 1024 - sizeBytes) < 1024);
  const byName = files.filter((file) => typeof file.name === "string" && foldPath(file.name) === foldPath(name));
  const sized = new Set(bySize);
  // If two files of a version have the same name, the size decides.
  const file = [byName, byName.filter((one) => sized.has(one)), bySize, files].find((list) => list.length === 1)
    ?.[0];
  return {
    modelId: isId(json.modelId) ? json.modelId : null,
    versionId: json.id,
    fileId: isId(file?.id) ? file.id : null,
    sha256: isFields(file?.hashes) ? sha256Of(file.hashes.SHA256) : null,
  };
}

/**
 * Read a `.metadata.json`. Its hash counts only if the size or name matches the file, because a config can have the
 * same base name as its checkpoint.
 */
export function idsFromMetadata(json: unknown, name: string, sizeBytes: number): SidecarIds | null {
  if (!isFields(json)) return null;
  const civitai = isFields(json.civitai) ? json.civitai : {};
  return {
    modelId: isId(civitai.modelId) ? civitai.modelId : null,
    versionId: isId(civitai.id) ? civitai.id : null,
    fileId: null,
    sha256: numberOf(json.size) === sizeBytes || fileNameOf(json) === foldPath(name) ? sha256Of(json.sha256) : null,
  };
}

function fileNameOf(json: Readonly<Record<string, unknown>>): string | undefined {
  return typeof json.file_path === "string" ? foldPath(json.file_path).split("/").at(-1) : undefined;
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function sha256Of(value: unknown): string | null {
  return typeof value === "string" && /^[\da-f]{64}$/i.test(value) ? value.toLowerCase() : null;
}
