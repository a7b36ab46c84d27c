/** Name of the file with the checksums of a release. */
export const CHECKSUMS_NAME = "SHA256SUMS";
/** Name of the file with the signatures of the checksums. */
export const SIGNATURE_NAME = "SHA256SUMS.sig";

/** A file of a release and its checksum. */
export interface Checksum {
  /** Name of the file. */
  readonly name: string;
  /** SHA-256, in lower case. */
  readonly sha256: string;
}

/**
 * Parse checksums as `sha256sum` writes them.
 *
 * @param text Lines with a checksum and a name
 * @returns The checksums in their order; other lines are ignored
 */
export function parseChecksums(text: string): readonly Checksum[] {
  const lines = text.matchAll(/^([0-9a-f]{64}) [ *](?:\.\/)?(.+?)\r?$/gm);
  return [...lines].map(([, sha256, name]) => ({ name: name!, sha256: sha256! }));
}

/** Write checksums as `sha256sum` does. */
export function formatChecksums(checksums: readonly Checksum[]): string {
  return checksums.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join("");
}
