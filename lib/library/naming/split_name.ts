/** A file name, split before its extension. */
export interface NameParts {
  /** The name before the extension. */
  readonly stem: string;
  /** The extension with its dot, or empty. */
  readonly ext: string;
}

const COMPOUND =
  /\.(?:tar\.(?:gz|xz|zst|bz2)|civitai\.info|(?:metadata|cm-info)\.json|description\.(?:txt|md)|preview(?:\.\d{1,4})?\.(?:jpe?g|png|webp|gif|avif|mp4|webm))$/i;
const SIMPLE = /\.(?=[A-Za-z0-9]*[A-Za-z])[A-Za-z0-9]{1,16}$/;

/**
 * Split a file name before its extension. An extension of several parts (`.tar.gz`, `.preview.2.jpeg`) counts as one
 * extension; a version number (`v1.0`) is not an extension.
 *
 * @param name A file name without folders
 * @returns Stem and extension; joined, they are the name again
 */
export function splitName(name: string): NameParts {
  const ext = (COMPOUND.exec(name) ?? SIMPLE.exec(name))?.[0] ?? "";
  return ext.length === name.length ? { stem: name, ext: "" } : { stem: name.slice(0, name.length - ext.length), ext };
}
