/** Versions a model can have, and files a version can have: the strides of the numbers. */
export const STRIDE = 4;
/** Model and version numbers start at the same value, so that one number can mean both, as on the live service. */
export const FIRST_MODEL_ID = 100_000;
const FIRST_FILE_ID = 1_000_000;
const FIRST_SHOWCASE_ID = 10_000_000;
const SHOWCASE_STRIDE = 32;
/** Community images are numbered from here. */
export const FIRST_GALLERY_ID = 500_000_000;
/** Posts of community images are numbered from here. */
export const FIRST_POST_ID = 6_000_000;
/** Accounts are numbered from here. */
export const FIRST_USER_ID = 8_800_000;

/** Where a version is in the catalog. */
export interface VersionPlace {
  readonly modelIndex: number;
  readonly versionIndex: number;
}

/** The number of a version. */
export function versionIdOf(place: VersionPlace): number {
  return FIRST_MODEL_ID + place.modelIndex * STRIDE + place.versionIndex;
}

/** Where the version with a number would be. */
export function placeOfVersion(versionId: number): VersionPlace {
  const slot = versionId - FIRST_MODEL_ID;
  return { modelIndex: Math.floor(slot / STRIDE), versionIndex: slot % STRIDE };
}

/** The number of a version's file. */
export function fileIdOf(versionId: number, fileIndex: number): number {
  return FIRST_FILE_ID + (versionId - FIRST_MODEL_ID) * STRIDE + fileIndex;
}

/** Where the file with a number would be. */
export function placeOfFile(fileId: number): { readonly versionId: number; readonly fileIndex: number } {
  const slot = fileId - FIRST_FILE_ID;
  return { versionId: FIRST_MODEL_ID + Math.floor(slot / STRIDE), fileIndex: slot % STRIDE };
}

/** The number of a version's showcase image. */
export function showcaseIdOf(versionId: number, imageIndex: number): number {
  return FIRST_SHOWCASE_ID + (versionId - FIRST_MODEL_ID) * SHOWCASE_STRIDE + imageIndex;
}

/** Where the showcase image with a number would be. */
export function placeOfShowcase(imageId: number): { readonly versionId: number; readonly imageIndex: number } {
  const slot = imageId - FIRST_SHOWCASE_ID;
  return { versionId: FIRST_MODEL_ID + Math.floor(slot / SHOWCASE_STRIDE), imageIndex: slot % SHOWCASE_STRIDE };
}
