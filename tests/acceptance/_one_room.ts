import { join } from "node:path";
import { judgeByGate, type Judged } from "./_judged.ts";
import type { ProductCopy, SourceEdit } from "./_product_copy.ts";

const ROOM = "stats";

/** A source file without a test. */
export const UNTESTED_FILE: SourceEdit = {
  type: "add",
  path: `lib/${ROOM}/untested.ts`,
  text: "/** Nobody calls it. */\nexport function untested(): number {\n  return 1;\n}\n",
};

/**
 * Let `gate` check one room for untested files by the tests of that room: the same check as for all rooms, in seconds
 * instead of minutes. Only the flags differ from `config/phases.yml`.
 */
export async function judgeOneRoom(copy: ProductCopy): Promise<Judged> {
  const others: string[] = [];
  for await (const { name } of Deno.readDir(join(copy.root, "tests"))) if (name !== ROOM) others.push(`tests/${name}`);
  const parameters = { flags: ["-P", `--ignore=${others.join(",")}`], roots: [`lib/${ROOM}`] };
  const condition = { title: "No source file of the room is without a test", check: "untested", with: parameters };
  return await judgeOneCheck(copy, { id: "untested", ...condition });
}

/** Let `gate` run the tests of some folders or files only. */
export async function judgeTestsOf(copy: ProductCopy, ...paths: readonly string[]): Promise<Judged> {
  const parameters = { flags: ["-P", "--parallel"], paths };
  return await judgeOneCheck(copy, { id: "tests", title: "The tests pass", check: "tests", with: parameters });
}

async function judgeOneCheck(
  copy: ProductCopy,
  condition: Readonly<Record<string, unknown>> & { readonly id: string },
): Promise<Judged> {
  const path = join(copy.folder, "one_check.yml");
  const phase = { name: "1", title: "One check", conditions: [{ ...condition, require: "= 0" }] };
  await Deno.writeTextFile(path, JSON.stringify({ version: 1, sources: ["lib"], phases: [phase] }, null, 2));
  return await judgeByGate(copy, ["--phases", path, "--only", condition.id]);
}
