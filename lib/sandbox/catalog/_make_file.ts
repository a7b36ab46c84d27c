import type { SettledCatalog } from "./settled_catalog.ts";
import { composeStem, modelName, nastyName } from "./catalog_names.ts";
import { type FileKind, fileKindOf } from "./_file_plan.ts";
import { fileIdOf, FIRST_USER_ID, placeOfVersion } from "./ids.ts";
import { rollUnit } from "../_roll.ts";
import type { CatalogFile } from "./catalog_model.ts";
import type { Outcome } from "./outcome.ts";

/** The properties of a version that its files depend on. */
export interface FileOwner {
  readonly versionId: number;
  readonly versionName: string;
  readonly modelType: string;
  readonly creatorIndex: number;
  readonly outcome: Outcome;
  readonly trainedWord: string;
}

/**
 * Make a file of a version.
 *
 * @param settled The options of the catalog
 * @param owner The version that contains the file
 * @param fileIndex Position in the version
 * @param sizes Exact sizes of some files in bytes, by file id
 * @returns The file
 */
export function makeFile(
  settled: SettledCatalog,
  owner: FileOwner,
  fileIndex: number,
  sizes: ReadonlyMap<number, number>,
): CatalogFile {
  const { seed } = settled;
  const { versionId, modelType, outcome } = owner;
  const id = fileIdOf(versionId, fileIndex);
  const { extension, ...kind } = fileKindOf(modelType, fileIndex, seed, id);
  const { modelIndex, versionIndex } = placeOfVersion(versionId);
  const storedStem = `upload-${modelIndex}-${versionIndex}-${fileIndex}`;
  const composedName = composeName(settled, owner, { ...kind, extension }, storedStem);
  const { contents } = settled;
  const contentId = contents === null ? id : id % contents;
  const nasty = fileIndex === 0 && versionIndex === 0 ? nastyName(settled, modelIndex, 2) : null;
  return {
    id,
    versionId,
    index: fileIndex,
    composedName,
    outcome,
    ...kind,
    name: nasty === null ? composedName : `${nasty}.${extension}`,
    overridden: nasty !== null,
    storedName: `${storedStem}.${extension}`,
    contentId,
    contentName: contents === null ? `${storedStem}.${extension}` : `content-${contentId}.${extension}`,
    sizeBytes: sizes.get(id) ?? sizeOf(settled, kind.type, contentId),
    scanned: outcome !== "earlyAccess",
    flagged: kind.format === "PickleTensor" && rollUnit(seed, "flagged", id) < settled.flagged,
    storagePath: `/model/${FIRST_USER_ID + owner.creatorIndex}/${storedStem}.${id.toString(36)}.${extension}`,
  };
}

function composeName(settled: SettledCatalog, owner: FileOwner, kind: FileKind, storedStem: string): string {
  const { versionName, modelType, versionId, trainedWord } = owner;
  const { modelIndex } = placeOfVersion(versionId);
  const name = modelName(settled, modelIndex);
  const keepsUploadName = modelType === "LORA" || modelType === "LoCon" || kind.type === "VAE" ||
    !/[A-Za-z]/.test(name);
  if (modelType === "TextualInversion") {
    return `${trainedWord}${kind.type === "Negative" ? "-neg" : ""}.${kind.extension}`;
  }
  if (kind.type === "Training Data") return `${composeStem(name, versionName)}_trainingData.zip`;
  return `${keepsUploadName ? storedStem : composeStem(name, versionName)}.${kind.extension}`;
}

/** Choose a size in bytes, log-uniformly between the minimum and the maximum; a text file has at most 8 KiB, or the minimum. */
function sizeOf(settled: SettledCatalog, type: string, contentId: number): number {
  const { fileBytes: { min, max }, seed } = settled;
  const upper = type === "Config" || type === "Workflow" ? Math.max(min, Math.min(max, 8192)) : max;
  return Math.floor(min * (upper / min) ** rollUnit(seed, "size", contentId));
}
