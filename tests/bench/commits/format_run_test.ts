import { assertEquals } from "@std/assert";
import { formatRun } from "../../../lib/bench/commits/compare_commits.ts";

Deno.test("formatRun() estimates the time that is left by runs, so that a round under way does not change it", () => {
  const sides = ["baseline", "target", "again"] as const;
  // Every run takes 10 s: a warm-up and four rounds are 150 s.
  const lines = Array.from({ length: 15 }, (_, index) => {
    const run = { side: sides[index % 3]!, round: Math.floor(index / 3), startedMs: 10_000 * index, seconds: 10 };
    return formatRun(run, { rounds: index < 3 ? null : 4, done: index + 1 });
  });
  assertEquals(lines[2], "warm-up: baseline again 10.00 s");
  assertEquals(lines[3], "round 1 of 4: baseline 10.00 s, about 1m 50s left");
  assertEquals(lines.slice(4, 7).map((line) => /about (.*) left/.exec(line)?.[1]), ["1m 40s", "1m 30s", "1m 20s"]);
  assertEquals(lines[14], "round 4 of 4: baseline again 10.00 s");
});
