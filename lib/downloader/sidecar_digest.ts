/**
 * A digest of what the sidecars of a version are made of. Recorded with each file, it shows whether its sidecars have to
 * be written again.
 *
 * @param modelDigest Digest of the model in the catalog
 * @param versionDigest Digest of the version in the catalog
 */
export function sidecarDigest(modelDigest: string, versionDigest: string): string {
  // Half of each is enough: an edit goes unnoticed once in 2^64.
  return `${modelDigest.slice(0, 16)}${versionDigest.slice(0, 16)}`;
}
