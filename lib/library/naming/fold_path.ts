/**
 * The collision key of a path: two paths with one key are one file on some system that the library may be moved to.
 * Letter case and canonical Unicode form do not count (Windows, macOS), nor trailing dots and spaces (Windows).
 * Compatibility forms (`①`, `½`) stay apart, as every file system keeps them apart.
 *
 * @param path A relative path; `\` counts as `/`
 * @returns The key; for comparing only, never for opening
 */
export function foldPath(path: string): string {
  return path.split(/[/\\]+/).map(foldSegment).join("/");
}

function foldSegment(segment: string): string {
  // Upper first, then lower: folds ß with ss and the three sigmas together, which lower case alone does not.
  return segment.normalize("NFD").toUpperCase().toLowerCase().normalize("NFC").replace(/(?<=.)[. ]+$/u, "");
}
