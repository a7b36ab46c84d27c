/** A file of a release and its checksum. */
interface Checksum {
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
