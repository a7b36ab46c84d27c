import { assert, assertEquals, assertGreater, assertThrows } from "@std/assert";
import { writeHeapSnapshot } from "node:v8";
import { join } from "node:path";
import { KitError } from "../../../lib/base/mod.ts";
import { countConstructors, findGrowth, findRetainers, readHeapSnapshot } from "../../../lib/profiling/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

class SnapshotProbe {
  readonly items = [1.5];
}

Deno.test("readHeapSnapshot() counts the objects of a class, and findRetainers() names what keeps them", () =>
  inTempDir((folder) => {
    const keptProbes = new Map<number, SnapshotProbe>();
    const add = (number: number) => {
      for (let index = 0; index < number; index++) keptProbes.set(keptProbes.size, new SnapshotProbe());
    };
    const paths = [1, 2, 3].map((number) => {
      add(100);
      return writeHeapSnapshot(join(folder, `${number}.heapsnapshot`));
    });
    const snapshots = paths.map((path) => readHeapSnapshot(path, { withEdges: true }));
    const counts = snapshots.map(countConstructors);
    assertEquals(counts.map((one) => one.get("SnapshotProbe")?.count), [100, 200, 300]);
    const growth = findGrowth(counts).find(({ name }) => name === "SnapshotProbe");
    assertEquals([growth?.counts, growth?.addedCount], [[100, 200, 300], 200]);
    const [first, second] = snapshots.map(({ id }) => new Set(id));
    const isWanted = (id: number) => second!.has(id) && !first!.has(id);
    const path = findRetainers(snapshots[2]!, { name: "SnapshotProbe", isWanted });
    assert(path !== null);
    assert(path.some((step) => step.in === "Map"), JSON.stringify(path));
    assert(path.some((step) => step.by === "variable keptProbes"), JSON.stringify(path));
    assertEquals(path.at(-1)!.in, "(root)");
    assertEquals(findRetainers(snapshots[2]!, { name: "NoSuchClass", isWanted: () => true }), null);
    // Without edges, the nodes are the same.
    const nodesOnly = readHeapSnapshot(paths[0]!);
    assertEquals(nodesOnly.edges.to.length, 0);
    assertEquals(nodesOnly.id, snapshots[0]!.id);
    assertGreater(keptProbes.size, 0);
  }));

const HEAD = {
  meta: {
    node_fields: ["type", "name", "id", "self_size", "edge_count"],
    node_types: [["hidden", "object", "string"], "string", "number", "number", "number"],
    edge_fields: ["type", "name_or_index", "to_node"],
    edge_types: [["property", "weak"], "string_or_number", "node"],
  },
  ...Object.fromEntries(["node_count", "edge_count"].map((name) => [name, 4])),
};

/** The root refers weakly to an A, and to a B, which refers to the same A and to a text. */
const SNAPSHOT = {
  snapshot: HEAD,
  nodes: [0, 0, 1, 0, 2, 1, 1, 3, 16, 0, 1, 2, 5, 32, 2, 2, 3, 7, 8, 0],
  edges: [1, 4, 5, 0, 4, 10, 0, 5, 5, 0, 6, 15],
  strings: ["", "A", "B", "some text", "b", "a", "text"],
};

async function write(folder: string, document: unknown): Promise<string> {
  const path = join(folder, "made.heapsnapshot");
  await Deno.writeTextFile(path, JSON.stringify(document));
  return path;
}

Deno.test("findRetainers() does not follow weak references", () =>
  inTempDir(async (folder) => {
    const snapshot = readHeapSnapshot(await write(folder, SNAPSHOT), { withEdges: true });
    assertEquals(findRetainers(snapshot, { name: "A", isWanted: () => true }), [
      { by: "property a", in: "B" },
      { by: "property b", in: "(root)" },
    ]);
    assertEquals(findRetainers(snapshot, { name: "A", isWanted: (id) => id !== 3 }), null);
    assertEquals(countConstructors(snapshot).get("(string)"), { count: 1, bytes: 8 });
  }));

for (
  const [name, document, reason] of [
    ["another document", { nodes: [] }, "it is not a heap snapshot"],
    ["a CPU profile", { startTime: 1 }, "it is not a heap snapshot"],
    [
      "an unknown head",
      { ...SNAPSHOT, snapshot: { meta: { node_fields: ["x"] } } },
      "its head is of an unknown version",
    ],
    ["missing nodes", { ...SNAPSHOT, nodes: [1, 2, 3, 4, 5] }, "it has not as many nodes as its head says"],
    ["missing edges", { ...SNAPSHOT, edges: [] }, "it has not as many edges as its head says"],
  ] as const
) {
  Deno.test(`readHeapSnapshot() refuses ${name}`, () =>
    inTempDir(async (folder) => {
      const path = await write(folder, document);
      assertThrows(() => readHeapSnapshot(path, { withEdges: true }), KitError, reason);
    }));
}

Deno.test("findGrowth() takes only what became more each time, the program's own constructors first", () => {
  const at = (counts: Readonly<Record<string, number>>) =>
    new Map(Object.entries(counts).map(([name, count]) => [name, { count, bytes: 10 * count }]));
  const grown = findGrowth([
    at({ "(string)": 1, Map: 1, Own: 1, steady: 3, once: 0, less: 3 }),
    at({ "(string)": 900, Map: 90, Own: 2, steady: 3, once: 5, less: 2 }),
    at({ "(string)": 999, Map: 99, Own: 3, steady: 3, once: 5, less: 1, New: 1 }),
  ]);
  assertEquals(grown.map(({ name, addedBytes }) => [name, addedBytes]), [
    ["Own", 20],
    ["Map", 980],
    ["(string)", 9980],
  ]);
  assertEquals(findGrowth([]), []);
});
