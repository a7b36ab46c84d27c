/** Maximum number of versions per model and of files per version, used as the stride of ids. */
export const STRIDE = 4;
/** Model and version ids start at the same value, so that one number can be both, as on the live service. */
export const FIRST_MODEL_ID = 100_000;
const FIRST_FILE_ID = 1_000_000;
const FIRST_SHOWCASE_ID = 10_000_000;
const SHOWCASE_STRIDE = 32;
/** First id of community images. */
export const FIRST_GALLERY_ID = 500_000_000;
/** First id of posts of community images. */
export const FIRST_POST_ID = 6_000_000;
/** First id of accounts. */
export const FIRST_USER_ID = 8_800_000;

/** The position of a version in the catalog. */
export interface VersionPlace {
  readonly modelIndex: number;
  readonly versionIndex: number;
}

/** The id of a version. */
export function versionIdOf(place: VersionPlace): number {
  return FIRST_MODEL_ID + place.modelIndex * STRIDE + place.versionIndex;
}

/** The position of the version with an id; there may be none. */
export function placeOfVersion(versionId: number): VersionPlace {
  const slot = versionId - FIRST_MODEL_ID;
  return { modelIndex: Math.floor(slot / STRIDE), versionIndex: slot % STRIDE };
}

/** The id of a version's file. */
export function fileIdOf(versionId: number, fileIndex: number): number {
  return FIRST_FILE_ID + (versionId - FIRST_MODEL_ID) * STRIDE + fileIndex;
}

/** The position of the file with an id; there may be none. */
export function placeOfFile(fileId: number): { readonly versionId: number; readonly fileIndex: number } {
  const slot = fileId - FIRST_FILE_ID;
  return { versionId: FIRST_MODEL_ID + Math.floor(slot / STRIDE), fileIndex: slot % STRIDE };
}

/** The id of a version's showcase image. */
export function showcaseIdOf(versionId: number, imageIndex: number): number {
  return FIRST_SHOWCASE_ID + (versionId - FIRST_MODEL_ID) * SHOWCASE_STRIDE + imageIndex;
}

/** The position of the showcase image with an id; there may be none. */
export function placeOfShowcase(imageId: number): { readonly versionId: number; readonly imageIndex: number } {
  const slot = imageId - FIRST_SHOWCASE_ID;
  return { versionId: FIRST_MODEL_ID + Math.floor(slot / SHOWCASE_STRIDE), imageIndex: slot % SHOWCASE_STRIDE };
}
