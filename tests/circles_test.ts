import { assertEquals } from "@std/assert";
import { walk } from "@std/fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const IMPORT = /^(?:import|export)\s(?:[^"';]*\sfrom\s)?"(\.[^"]+)"/gm;

/** What each source file imports, types included, by paths from the root. */
async function importGraph(folders: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const graph = new Map<string, readonly string[]>();
  for (const folder of folders) {
    for await (const { path } of walk(join(ROOT, folder), { exts: [".ts", ".js"], includeDirs: false })) {
      const text = await Deno.readTextFile(path);
      const targets = [...text.matchAll(IMPORT)].map(([, target]) => relative(ROOT, join(dirname(path), target!)));
      graph.set(relative(ROOT, path), targets);
    }
  }
  return graph;
}

/** One circle of imports, as the files on it; `null` if there is none. */
function findCircle(graph: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (file: string): readonly string[] | null => {
    const at = trail.indexOf(file);
    if (at !== -1) return [...trail.slice(at), file];
    if (done.has(file)) return null;
    trail.push(file);
    for (const target of graph.get(file) ?? []) {
      const circle = visit(target);
      if (circle !== null) return circle;
    }
    trail.pop();
    done.add(file);
    return null;
  };
  for (const file of graph.keys()) {
    const circle = visit(file);
    if (circle !== null) return circle;
  }
  return null;
}

Deno.test("no import leads back to its own file, types included", async () => {
  const graph = await importGraph(["lib", "scripts", "checks", "benchmarks"]);
  assertEquals(graph.size > 900, true, `${graph.size} files were found`);
  assertEquals(findCircle(graph), null);
});

Deno.test("findCircle() finds a circle of two and of three, and none in a diamond", () => {
  assertEquals(findCircle(new Map([["a", ["b"]], ["b", ["a"]]])), ["a", "b", "a"]);
  assertEquals(findCircle(new Map([["x", ["a"]], ["a", ["b"]], ["b", ["c"]], ["c", ["a"]]])), ["a", "b", "c", "a"]);
  assertEquals(findCircle(new Map([["a", ["b", "c"]], ["b", ["d"]], ["c", ["d"]], ["d", []]])), null);
});
