import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { acquireLock, KitError } from "../../../lib/base/mod.ts";
import { holdWorktreeList } from "../../../lib/git/worktrees/_hold_worktree_list.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

Deno.test("holdWorktreeList() advises no flag that the command lacks after a failed wait", () =>
  inTempDir(async (root) => {
    const repository = { root, commonFolder: join(root, ".git") };
    (await holdWorktreeList(repository, { command: "test" }))[Symbol.dispose]();
    using _held = await acquireLock(join(root, ".git", "civitai-dl", "worktrees.lock"), { command: "release alpha" });
    const clock = new FakeClock();
    const error = await assertRejects(
      () => holdWorktreeList(repository, { command: "test", clock }),
      KitError,
    );
    assertEquals([error.code, error.hint], ["unsafe", "Wait for it to end, or stop it"]);
    assertStringIncludes(error.message, '"release alpha" (process');
  }));
