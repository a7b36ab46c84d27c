import type { BenchDocument } from "../../lib/bench/mod.ts";

/** The sentence that says which command of this program measures the commits of two reports in turn. */
export function adviseTurns(
  command: "benchmark-compare" | "check-regression",
  { baseline, target }: Pick<BenchDocument, "baseline" | "target">,
): string {
  const name = (side: "baseline" | "target", sha: string) => sha === "" ? side.toUpperCase() : sha.slice(0, 12);
  const other = command === "check-regression" ? "--current" : "--target";
  const words = `--baseline ${name("baseline", baseline.sha)} ${other} ${name("target", target.sha)}`;
  return `For a verdict, measure both in turn: deno task ${command} ${words}`;
}
