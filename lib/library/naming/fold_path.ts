const PLAIN = /^[\x20-\x7e]*$/;
/** Separators to unify, and segments with dots or spaces at their end. */
const UNEVEN = /\\|\/\/|[. ](?:\/|$)/;

/**
 * Build the collision key of a path: two paths with the same key are the same file on at least one system that the
 * library may be moved to. Ignores letter case and canonical Unicode form (Windows, macOS), and trailing dots and
 * spaces (Windows). Keeps compatibility forms (`①`, `½`) apart, as every file system does.
 *
 * @param path A relative path; `\` counts as `/`
 * @returns The key, for comparison only; never open it
 */
export function foldPath(path: string): string {
  if (PLAIN.test(path) && !UNEVEN.test(path)) return path.toLowerCase();
  return path.split(/[/\\]+/).map(foldSegment).join("/");
}

function foldSegment(segment: string): string {
  // Upper case first, then lower case: this folds ß with ss and the three sigmas together, which lower case alone does
  // not.
  return segment.normalize("NFD").toUpperCase().toLowerCase().normalize("NFC").replace(/(?<=.)[. ]+$/u, "");
}
