import { assertEquals, assertMatch } from "@std/assert";
import { branch, inBranchProject } from "../helpers/repository/branch_project.ts";
import { refsOf } from "../helpers/repository/shared_repository.ts";
import { release } from "./_release_project.ts";

const SHIPPED = await Deno.readTextFile(new URL("../../config/branches.yml", import.meta.url));
const STRICT = SHIPPED.replaceAll(
  'gate: [deno, task, gate, --phase, "1", --quick]',
  "gate: [sh, -c, test ! -e broken]",
);
const LOOSE = STRICT.replaceAll("test ! -e broken", "exit 0");

Deno.test("branch finish-hotfix asks the gate of main, whatever the hotfix makes of it", () =>
  inBranchProject(async (shared) => {
    const { git, write, commit, remote } = shared;
    await write("config/branches.yml", STRICT);
    await commit("strategy");
    await git("push", "-q", "origin", "main", "main:develop");
    assertEquals((await branch(shared, "start-hotfix", "x", "--switch")).code, 0);
    await write("broken", "\n");
    await write("config/branches.yml", LOOSE);
    await commit("a hotfix that loosens its own gate");
    const before = await refsOf(remote);
    const refused = await branch(shared, "finish-hotfix");
    assertEquals(refused.code, 1, refused.err);
    assertMatch(
      refused.err,
      /^note: config\/branches\.yml of origin\/main \([0-9a-f]{9}\) is in force, not the one that is checked out$/m,
    );
    assertMatch(refused.err, /the gate "sh -c 'test ! -e broken'" did not pass/);
    assertEquals(await refsOf(remote), before);
    // It is not in force either when it stands on main here only, or is not committed.
    await git("switch", "-q", "main");
    await git("merge", "-q", "--ff-only", "hotfix/x");
    assertMatch((await release(shared, "status")).err, /^note: .* of origin\/main /m);
    assertEquals((await branch(shared, "finish-hotfix", "x")).code === 0, false);
    assertEquals(await refsOf(remote), before);
    await git("reset", "-q", "--hard", "origin/main");
    assertEquals((await branch(shared, "status")).err, "");
  }));
