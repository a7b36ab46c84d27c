import type { CheckResult, GateCheckOptions } from "../lib/gate/mod.ts";
import { ParameterReader } from "./parameter_reader.ts";
import { askGit } from "./ask_git.ts";
import { findBase } from "./find_base.ts";

/** Matches tests that run. A test that is changed to `Deno.test.ignore` counts as removed. */
const PATTERN = "Deno\\.test(\\.only)?[(<]";

/** Count tests that were removed from the sources; a test that moved to another file is not lost. */
export async function checkKeptTests(
  parameters: Readonly<Record<string, unknown>>,
  { signal }: GateCheckOptions,
): Promise<CheckResult> {
  const read = new ParameterReader(parameters, ["paths", "since"]);
  const paths = ["--", ...read.strings("paths", ["."])];
  const [since = "main"] = read.strings("since");
  const base = await findBase(since, signal);
  const before = countTests(await askGit(["grep", "-c", "-E", PATTERN, base, ...paths], signal) ?? "", `${base}:`);
  const now = countTests(await askGit(["grep", "-c", "--untracked", "-E", PATTERN, ...paths], signal) ?? "", "");
  const problems = [...before].filter(([file, count]) => (now.get(file) ?? 0) < count).map(([file, count]) => ({
    message: `${count - (now.get(file) ?? 0)} tests fewer than in ${base.slice(0, 9)}`,
    ...now.has(file) ? { file } : { message: `${file} with ${count} tests is gone since ${base.slice(0, 9)}` },
  }));
  const [had, has] = [before, now].map((counts) => [...counts.values()].reduce((sum, count) => sum + count, 0));
  const value = Math.max(0, had! - has!);
  const measured = `${has} now, ${had} in ${base.slice(0, 9)}`;
  return { value, count: had!, unit: "tests before", measured, problems: value === 0 ? [] : problems };
}

/** Parse the lines of `git grep -c`: a path, a colon, a number. */
function countTests(text: string, prefix: string): ReadonlyMap<string, number> {
  const lines = text.split("\n").filter((line) => line.startsWith(prefix) && line !== "");
  return new Map(lines.map((line) => {
    const colon = line.lastIndexOf(":");
    return [line.slice(prefix.length, colon), Number(line.slice(colon + 1))] as const;
  }));
}
