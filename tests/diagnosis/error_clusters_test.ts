import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { ErrorClusters, type ProblemLine } from "../../lib/diagnosis/error_clusters.ts";

function problem(message: string, host: string | null = null): ProblemLine {
  return { level: "error", failure: "server", message, host };
}

Deno.test("ErrorClusters groups by pattern, counts hosts, and keeps the newest line", () => {
  const clusters = new ErrorClusters();
  for (let i = 0; i < 10; i++) {
    clusters.add(problem(`Cannot fetch "${i}"`, i < 7 ? "a" : "b"), { timeMs: 1000 + i, line: `line ${i}` });
  }
  clusters.add(problem("other"), { timeMs: null, line: "undated" });
  const [first, second] = clusters.list();
  assertEquals([first!.pattern, first!.count, first!.firstMs, first!.lastMs, first!.line], [
    'Cannot fetch "…"',
    10,
    1000,
    1009,
    "line 9",
  ]);
  assertEquals(first!.hosts, [["a", 7], ["b", 3]]);
  assertEquals([second!.count, second!.firstMs], [1, null]);
});

Deno.test("ErrorClusters separates levels and classes", () => {
  const clusters = new ErrorClusters();
  const at = { timeMs: null, line: "" };
  clusters.add(problem("x"), at);
  clusters.add({ ...problem("x"), level: "warning" }, at);
  clusters.add({ ...problem("x"), failure: null }, at);
  assertEquals(clusters.list().length, 3);
});

Deno.test("ErrorClusters stays small for random messages, and keeps the frequent ones", () => {
  const clusters = new ErrorClusters();
  const letters = (value: number) => value.toString(2).replaceAll("0", "a").replaceAll("1", "b");
  for (let i = 0; i < 10_000; i++) {
    const failure = i % 3 === 0 ? null : "server";
    clusters.add({ ...problem(`chaos ${letters(i)}`), failure }, { timeMs: i, line: "" });
    if (i % 10 === 0) clusters.add(problem("frequent"), { timeMs: i, line: "" });
  }
  const all = clusters.list();
  assertLessOrEqual(all.length, 1000);
  assertEquals([all[0]!.pattern, all[0]!.count, all[0]!.isAtLeast], ["frequent", 1000, false]);
  assert(all.at(-1)!.isAtLeast);
  assertEquals(all.reduce((sum, { count }) => sum + count, 0) + clusters.droppedCount, clusters.count);
});
