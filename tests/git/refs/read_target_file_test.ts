import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { readTargetFile } from "../../../lib/git/mod.ts";
import { inSharedRepository } from "../../helpers/repository/shared_repository.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

Deno.test("readTargetFile() reads the branch of the remote before the one here, whatever is checked out", () =>
  inSharedRepository(async ({ root, git, write, commit }) => {
    const read = async (path: string, branch?: string, cwd = root) => {
      const file = await readTargetFile(path, { cwd, branch });
      return file === null ? null : [file.ref, file.text];
    };
    await write("config/rules.yml", "one\n");
    const first = await commit("rules");
    await git("push", "-q", "origin", "main");
    await write("config/rules.yml", "two\n");
    await commit("not pushed");
    await git("branch", "-q", "own");
    await git("switch", "-q", "-c", "work");
    await write("config/rules.yml", "three\n");
    assertEquals(await read("config/rules.yml"), ["origin/main", "one\n"]);
    assertEquals((await readTargetFile("config/rules.yml", { cwd: root }))?.commit, first);
    assertEquals(await read("rules.yml", "main", join(root, "config")), ["origin/main", "one\n"]);
    assertEquals(await read("config/rules.yml", "own"), ["own", "two\n"]);
    assertEquals(await read("config/none.yml"), ["origin/main", null]);
    assertEquals(await read("config/rules.yml", "none"), null);
    await git("remote", "rename", "origin", "upstream");
    assertEquals((await readTargetFile("config/rules.yml", { cwd: root, remote: "upstream" }))?.text, "one\n");
  }));

Deno.test("readTargetFile() finds nothing outside of a repository", () =>
  inTempDir(async (cwd) => {
    assertEquals(await readTargetFile("config/rules.yml", { cwd }), null);
  }));
