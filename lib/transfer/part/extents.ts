/** A run of bytes: from the first to behind the last. */
export type Extent = readonly [start: number, end: number];

/**
 * Add a run to a sorted list of runs that neither touch nor overlap.
 *
 * @param extents The list
 * @param added What to add; an empty run changes nothing
 * @returns A new list of the same kind
 */
export function addExtent(extents: readonly Extent[], added: Extent): readonly Extent[] {
  let [start, end] = added;
  if (end <= start) return extents;
  const before = extents.filter((extent) => extent[1] < start);
  const after = extents.filter((extent) => extent[0] > end);
  for (const extent of extents.slice(before.length, extents.length - after.length)) {
    start = Math.min(start, extent[0]);
    end = Math.max(end, extent[1]);
  }
  return [...before, [start, end], ...after];
}

/**
 * Find what a list of runs leaves out.
 *
 * @param extents Sorted runs that neither touch nor overlap
 * @param total Where the whole ends; may be `Infinity`
 * @returns The gaps, sorted
 */
export function missingExtents(extents: readonly Extent[], total: number): readonly Extent[] {
  const gaps: Extent[] = [];
  let at = 0;
  for (const [start, end] of extents) {
    if (start > at) gaps.push([at, Math.min(start, total)]);
    at = end;
  }
  if (at < total) gaps.push([at, total]);
  return gaps.filter(([start, end]) => end > start);
}

/** How many bytes from the first on are there without a gap. */
export function frontierOf(extents: readonly Extent[]): number {
  const first = extents[0];
  return first === undefined || first[0] > 0 ? 0 : first[1];
}

/** Whether some bytes stand behind a gap. */
export function hasGaps(extents: readonly Extent[]): boolean {
  return frontierOf(extents) < sizeOfExtents(extents);
}

/** How many bytes a list of runs holds. */
export function sizeOfExtents(extents: readonly Extent[]): number {
  return extents.reduce((total, [start, end]) => total + end - start, 0);
}
