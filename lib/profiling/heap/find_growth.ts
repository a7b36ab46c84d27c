import type { ConstructorCount } from "./count_constructors.ts";

/** A constructor of which there are more and more objects. */
export interface ConstructorGrowth {
  /** Its name; in parentheses for what has no constructor, such as `(string)`. */
  readonly name: string;
  /** Numbers of objects in each snapshot. */
  readonly counts: readonly number[];
  /** Objects that were added from the first snapshot to the last. */
  readonly addedCount: number;
  /** Bytes that these take themselves. */
  readonly addedBytes: number;
}

/**
 * Find the constructors whose objects became more from each snapshot to the next.
 *
 * @param snapshots Objects by constructor, from the earliest snapshot to the latest
 * @returns Those of the program first, then those of the platform, then what has no constructor; each by bytes
 */
export function findGrowth(
  snapshots: readonly ReadonlyMap<string, ConstructorCount>[],
): readonly ConstructorGrowth[] {
  const first = snapshots[0];
  const last = snapshots.at(-1);
  if (first === undefined || last === undefined || snapshots.length < 2) return [];
  const grown: ConstructorGrowth[] = [];
  for (const [name, { count, bytes }] of last) {
    const counts = snapshots.map((one) => one.get(name)?.count ?? 0);
    if (counts.some((one, index) => index > 0 && one <= counts[index - 1]!)) continue;
    const before = first.get(name);
    grown.push({
      name,
      counts,
      addedCount: count - (before?.count ?? 0),
      addedBytes: bytes - (before?.bytes ?? 0),
    });
  }
  return grown.toSorted((a, b) =>
    rankOf(a.name) - rankOf(b.name) || b.addedBytes - a.addedBytes || a.name.localeCompare(b.name)
  );
}

/** The program's own constructors tell more than those of the platform, and these more than V8's own data. */
function rankOf(name: string): number {
  if (name.startsWith("(")) return 2;
  return name === "" || typeof (globalThis as Record<string, unknown>)[name] === "function" ? 1 : 0;
}
