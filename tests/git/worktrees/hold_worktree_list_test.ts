import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { acquireLock, KitError } from "../../../lib/base/mod.ts";
import { holdWorktreeList } from "../../../lib/git/worktrees/_hold_worktree_list.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

Deno.test("holdWorktreeList() advises no flag that the command lacks after a failed wait", () =>
  inTempDir(async (registry) => {
    const repository = { root: "/nowhere", commonFolder: "/nowhere/.git" };
    (await holdWorktreeList(repository, { registry, command: "test" }))[Symbol.dispose]();
    const [lock] = await Array.fromAsync(Deno.readDir(registry));
    using _held = await acquireLock(join(registry, lock!.name), { command: "release alpha" });
    const clock = new FakeClock();
    const error = await assertRejects(
      () => holdWorktreeList(repository, { registry, command: "test", clock }),
      KitError,
    );
    assertEquals([error.code, error.hint], ["unsafe", "Wait for it to end, or stop it"]);
    assertStringIncludes(error.message, '"release alpha" (process');
  }));
