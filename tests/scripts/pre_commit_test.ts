import { assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { inRepository } from "../helpers/repository/fixture_repository.ts";

const here = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Run the script in a repository, as the hook does. */
async function preCommit(root: string) {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "-P=gate", `--config=${here("deno.json")}`, here("scripts/pre_commit.ts")],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stderr: "null",
  }).output();
  return { code, out: new TextDecoder().decode(stdout) };
}

Deno.test("pre-commit refuses what is staged until it is mended, and says how to go on", () =>
  inRepository(async ({ root, git, write }) => {
    await write("deno.json", "{}\n");
    await write(".gitignore", "dist/\n");
    await write("lib/one.ts", "export const   one: number = 1\n");
    await git("add", "-A");
    const refused = await preCommit(root);
    assertEquals(refused.code, 1);
    assertStringIncludes(refused.out, "format: fail\nlib/one.ts: not formatted\n");
    assertStringIncludes(refused.out, "Mend it and stage it again; git commit --no-verify skips this check\n");
    await write("lib/one.ts", "export const one: number = 1;\n");
    await git("add", "-A");
    assertEquals(await preCommit(root), { code: 0, out: "3 staged files: format, lint, types and secrets pass\n" });
  }));
