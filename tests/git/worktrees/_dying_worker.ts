/** Adds and removes temporary trees until it is killed: `_dying_worker.ts ROOT REGISTRY`. */
import { addWorktree, openRepository, resolveCommit } from "../../../lib/git/mod.ts";

if (import.meta.main) {
  const [root, registry] = Deno.args;
  const repository = await openRepository(root!);
  const sha = await resolveCommit(repository, "HEAD");
  await Deno.stdout.write(new TextEncoder().encode("ready\n"));
  for (;;) {
    await using _tree = await addWorktree(repository, sha, { registry: registry!, command: "test" });
  }
}
