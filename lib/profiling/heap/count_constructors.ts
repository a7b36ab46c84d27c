import type { HeapSnapshot } from "./heap_snapshot.ts";

/** The objects of one constructor. */
export interface ConstructorCount {
  /** Number of objects. */
  readonly count: number;
  /** Bytes of the objects themselves, without what they refer to. */
  readonly bytes: number;
}

/** Names of nodes that no constructor made. */
const KINDS: Readonly<Record<string, string>> = {
  array: "(array)",
  string: "(string)",
  "concatenated string": "(string)",
  "sliced string": "(string)",
  code: "(compiled code)",
  number: "(number)",
  regexp: "(regexp)",
  symbol: "(symbol)",
  bigint: "(bigint)",
};

/** Return the name under which a node is counted: its constructor, or its kind in parentheses. */
export function constructorOf({ type, name, nodeTypes, strings }: HeapSnapshot, node: number): string {
  const kind = nodeTypes[type[node]!]!;
  const own = strings[name[node]!] ?? "";
  if (own.startsWith("system /")) return "(system)";
  if (kind === "object" || kind === "native") return own;
  if (kind === "closure") return `function ${own === "" ? "(anonymous)" : own}`;
  return KINDS[kind] ?? "(system)";
}

/** Count the objects of a snapshot by constructor. */
export function countConstructors(snapshot: HeapSnapshot): ReadonlyMap<string, ConstructorCount> {
  const counts = new Map<string, { count: number; bytes: number }>();
  // Objects of one type and name have one constructor; the name is made once for all of them.
  const byKey = new Map<number, { count: number; bytes: number }>();
  const { type, name, selfSize, nodeTypes } = snapshot;
  for (let node = 0; node < type.length; node++) {
    const key = name[node]! * nodeTypes.length + type[node]!;
    let sum = byKey.get(key);
    if (sum === undefined) {
      sum = counts.getOrInsertComputed(constructorOf(snapshot, node), () => ({ count: 0, bytes: 0 }));
      byKey.set(key, sum);
    }
    sum.count++;
    sum.bytes += selfSize[node]!;
  }
  return counts;
}
