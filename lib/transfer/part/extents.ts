/** A range of bytes: inclusive start, exclusive end. */
export type Extent = readonly [start: number, end: number];

/**
 * Add a range to a sorted list of ranges that neither touch nor overlap, merging as needed.
 *
 * @param extents The list
 * @param added The range to add; an empty range changes nothing
 * @returns A new list with the same properties
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { addExtent } from "@civitai-dl/civitai-dl/transfer";
 *
 * assertEquals(addExtent([[0, 100], [200, 300]], [100, 150]), [[0, 150], [200, 300]]);
 * ```
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
 * Find the gaps that a list of ranges leaves.
 *
 * @param extents Sorted ranges that neither touch nor overlap
 * @param total Size of the whole; may be `Infinity`
 * @returns The gaps, sorted
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { missingExtents } from "@civitai-dl/civitai-dl/transfer";
 *
 * assertEquals(missingExtents([[0, 100], [200, 300]], 400), [[100, 200], [300, 400]]);
 * ```
 */
export function missingExtents(extents: readonly Extent[], total: number): readonly Extent[] {
  const gaps: Extent[] = [];
  let position = 0;
  for (const [start, end] of extents) {
    if (start > position) gaps.push([position, Math.min(start, total)]);
    position = end;
  }
  if (position < total) gaps.push([position, total]);
  return gaps.filter(([start, end]) => end > start);
}

/**
 * Number of bytes from the start of the file without a gap.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { frontierOf } from "@civitai-dl/civitai-dl/transfer";
 *
 * assertEquals(frontierOf([[0, 100], [200, 300]]), 100);
 * assertEquals(frontierOf([[200, 300]]), 0);
 * ```
 */
export function frontierOf(extents: readonly Extent[]): number {
  const first = extents[0];
  return first === undefined || first[0] > 0 ? 0 : first[1];
}

/** Whether some bytes are behind a gap. */
export function hasGaps(extents: readonly Extent[]): boolean {
  return frontierOf(extents) < sizeOfExtents(extents);
}

/**
 * Total bytes of a list of ranges.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { sizeOfExtents } from "@civitai-dl/civitai-dl/transfer";
 *
 * assertEquals(sizeOfExtents([[0, 100], [200, 300]]), 200);
 * ```
 */
export function sizeOfExtents(extents: readonly Extent[]): number {
  return extents.reduce((total, [start, end]) => total + end - start, 0);
}
