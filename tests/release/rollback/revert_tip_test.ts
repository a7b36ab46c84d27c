import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import { openRepository } from "../../../lib/git/mod.ts";
import { findRevertTip } from "../../../lib/release/mod.ts";
import { command } from "../../../scripts/rollback.ts";
import { productionEvidence } from "../../helpers/evidence/production_evidence.ts";
import { callCommand } from "../../helpers/call_command.ts";
import { inSharedRepository } from "../../helpers/repository/shared_repository.ts";

Deno.test("findRevertTip() returns what was pushed if the branch here is behind or missing, and its own commits if ahead", () =>
  inSharedRepository(async ({ root, git, write, commit, pushAsColleague }) => {
    const repository = await openRepository(root);
    const first = (await git("rev-parse", "main")).trim();
    assertEquals(await findRevertTip(repository, "main"), { sha: first, name: "main" });
    const theirs = await pushAsColleague("main", "b.txt");
    await git("fetch", "-q");
    assertEquals(await findRevertTip(repository, "main"), { sha: theirs, name: "origin/main" });
    await git("branch", "-q", "--unset-upstream", "main");
    assertEquals(await findRevertTip(repository, "main"), { sha: theirs, name: "origin/main" });
    await git("switch", "-q", "-c", "elsewhere");
    await git("branch", "-q", "-D", "main");
    assertEquals(await findRevertTip(repository, "main"), { sha: theirs, name: "origin/main" });
    await git("branch", "-q", "main", "origin/main");
    await git("switch", "-q", "main");
    await write("c.txt", "c\n");
    const ours = await commit("ours");
    assertEquals(await findRevertTip(repository, "main"), { sha: ours, name: "main" });
    await pushAsColleague("main", "d.txt");
    await git("fetch", "-q");
    const error = await assertRejects(() => findRevertTip(repository, "main"), KitError);
    assertEquals(error.code, "unsafe");
    assertStringIncludes(error.message, "it and origin/main have different commits");
    await assertRejects(() => findRevertTip(repository, "trunk"), KitError, 'Cannot find "trunk"');
  }));

Deno.test("rollback --mode revert goes back from the version that was pushed, although main here is behind it", () =>
  inSharedRepository(async ({ root, git, write, commit, atRemote }) => {
    for (const version of ["1.1.0", "1.2.0"]) {
      await write("deno.json", JSON.stringify({ version }));
      await commit(`chore: ${version}`);
      await git("tag", "-a", `v${version}`, "-m", version);
      await git("push", "-q", "origin", "main", `v${version}`);
    }
    await git("branch", "-q", "-f", "behind", "v1.1.0");
    await git("switch", "-q", "behind");
    await git("branch", "-q", "-f", "main", "v1.1.0");
    await write(
      "reports/production-v1.1.0.json",
      productionEvidence("v1.1.0", (await atRemote("rev-parse", "v1.1.0^{}")).trim()),
    );
    const { code, out, err } = await callCommand(command, [
      ...["--mode", "revert", "--dry-run", "--repo", root, "--prefix", `${root}-installed`],
    ]);
    assertEquals(code, 0, err);
    assertStringIncludes(out, "From 1.2.0 to v1.1.0 (revert)");
    assertStringIncludes(out, "Check origin/main out");
    assertStringIncludes(out, `revert --no-edit --no-gpg-sign ${(await git("rev-parse", "v1.2.0^{}")).trim()}`);
  }));
