import { constructorOf } from "./count_constructors.ts";
import type { HeapSnapshot } from "./heap_snapshot.ts";

/** Options of {@linkcode findRetainers}. */
export interface FindRetainersOptions {
  /** Constructor of the object, as {@linkcode countConstructors} names it. */
  readonly name: string;
  /** Tells by its id whether an object is one of those to look for. */
  readonly isWanted: (id: number) => boolean;
}

/** One step from an object to what keeps it alive. */
export interface Retainer {
  /** How the object is kept: `property items`, `variable kept`, `element 12`; a part that only V8 knows has its bare name, such as `table`. */
  readonly by: string;
  /** Constructor of what keeps it. */
  readonly in: string;
}

/**
 * Find out what keeps an object alive: the shortest way to it from the roots of the heap that does not lead over weak
 * references.
 *
 * @param snapshot A snapshot with edges
 * @param options Which object
 * @returns The steps from the object to the root; `null` if there is no such object
 */
export function findRetainers(snapshot: HeapSnapshot, options: FindRetainersOptions): readonly Retainer[] | null {
  const { name, isWanted } = options;
  const { type, id, edgeCount, edges, edgeTypes, strings } = snapshot;
  const firstEdge = new Uint32Array(type.length + 1);
  for (let node = 0; node < type.length; node++) firstEdge[node + 1] = firstEdge[node]! + edgeCount[node]!;
  const isPassed = edgeTypes.map((one) => one !== "weak" && one !== "shortcut");
  const cameBy = new Int32Array(type.length).fill(-1);
  const from = new Uint32Array(type.length);
  const queue = new Uint32Array(type.length);
  let tail = 1;
  cameBy[0] = 0;
  for (let head = 0; head < tail; head++) {
    const node = queue[head]!;
    if (isWanted(id[node]!) && constructorOf(snapshot, node) === name) return stepsTo(node);
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
      const to = edges.to[edge]!;
      if (cameBy[to] !== -1 || !isPassed[edges.type[edge]!]) continue;
      cameBy[to] = edge;
      from[to] = node;
      queue[tail++] = to;
    }
  }
  return null;

  function stepsTo(object: number): readonly Retainer[] {
    const steps: Retainer[] = [];
    for (let node = object; node !== 0; node = from[node]!) {
      const edge = cameBy[node]!;
      const kind = edgeTypes[edges.type[edge]!]!;
      const label = edges.name[edge]!;
      const isNumber = kind === "element" || kind === "hidden";
      const word = kind === "context" ? "variable" : kind === "internal" ? "" : kind;
      const owner = from[node]!;
      steps.push({
        by: `${word} ${isNumber ? label : strings[label] ?? label}`.trim(),
        in: owner === 0 ? "(root)" : describeOwner(owner),
      });
    }
    return steps;
  }

  function describeOwner(node: number): string {
    const known = constructorOf(snapshot, node);
    const own = strings[snapshot.name[node]!] ?? "";
    if (own.startsWith("system / Context")) return "a scope";
    // Roots have names of their own, such as "(Stack roots)".
    return known === "(system)" && own !== "" ? own : known;
  }
}
