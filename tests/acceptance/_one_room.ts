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
  const path = join(copy.folder, "one_room.yml");
  await Deno.writeTextFile(
    path,
    `version: 1
sources: [lib]
phases:
  - name: 1
    title: One room
    conditions:
      - id: untested
        title: No source file of the room is without a test
        check: untested
        with: ${JSON.stringify(parameters)}
        require: "= 0"
`,
  );
  return await judgeByGate(copy, ["--phases", path, "--only", "untested"]);
}
