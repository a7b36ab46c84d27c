import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listWorktrees, openRepository, type OperationPlan, OperationStore } from "../../../lib/git/mod.ts";
import { type KillMoment, type WatchedGit, writeWatchedGit } from "../../helpers/repository/watched_git.ts";
import { inSharedRepository, refsOf, type SharedRepository } from "../../helpers/repository/shared_repository.ts";

const WORKER = fileURLToPath(new URL("./_operation_worker.ts", import.meta.url));
/** Every call is tried in the acceptance script; here every so many, beginning somewhere else for each combination. */
const STRIDE = Number(Deno.env.get("KILL_STRIDE") ?? 6);

async function preparePlan({ git, write, commit }: SharedRepository): Promise<OperationPlan> {
  const main = (await git("rev-parse", "main")).trim();
  await git("switch", "-q", "-c", "topic");
  await write("b.txt", "topic\n");
  const topic = await commit("topic");
  const merged = { step: "merge" };
  return {
    command: "branch finish topic",
    summary: "Merges topic",
    steps: [
      { type: "merge", id: "merge", onto: { sha: main }, from: { sha: topic }, message: "Merge topic" },
      { type: "check", id: "check", on: merged, command: ["true"] },
      { type: "tag", id: "tag", name: "v1.1.0", on: merged, message: "v1.1.0" },
      {
        type: "push",
        id: "push",
        remote: "origin",
        changes: [
          { ref: "refs/heads/main", before: main, after: merged },
          { ref: "refs/tags/v1.1.0", before: null, after: { step: "tag" } },
        ],
      },
      { type: "refs", id: "refs", changes: [{ ref: "refs/heads/main", before: main, after: merged }] },
      { type: "switch", id: "switch", branch: "main", from: "topic" },
    ],
  };
}

async function run(shared: SharedRepository, env: Readonly<Record<string, string>>, action = "run") {
  const { code, signal, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-qA", WORKER, shared.root, shared.registry, action],
    env: { ...env },
  }).output();
  return { code, signal, stderr: new TextDecoder().decode(stderr) };
}

interface Round {
  readonly shared: SharedRepository;
  readonly watched: WatchedGit;
  readonly plan: OperationPlan;
}

/** Kill a run at a call, and finish it by an action. Returns `false` if the run ended before that call. */
async function killAndFinish(
  round: Round,
  call: number,
  how: { readonly moment: KillMoment; readonly action: string },
) {
  const { shared, watched, plan } = round;
  const repository = await openRepository(shared.root);
  const before = [await refsOf(shared.root), await refsOf(shared.remote)];
  await watched.reset();
  const killed = await run(shared, { ...watched.envAt(call, how.moment), PLAN: JSON.stringify(plan) });
  if (killed.signal === null) {
    assertEquals(killed, { code: 0, signal: null, stderr: "" });
    return false;
  }
  const suspended = await new OperationStore(repository).readCurrent();
  if (suspended === null) {
    // It was killed before its first step, or after its last.
    const isDone = (await new OperationStore(repository).readEnded()).at(0)?.state === "done";
    const moved = (await refsOf(shared.remote))["refs/heads/main"] !== before[1]!["refs/heads/main"];
    assertEquals(isDone && call > 10, moved);
  } else {
    const finished = await run(shared, {}, how.action);
    assertEquals([call, finished], [call, { code: 0, signal: null, stderr: "" }]);
    const main = (await refsOf(shared.remote))["refs/heads/main"]!;
    if (how.action === "undo") assertEquals([await refsOf(shared.root), await refsOf(shared.remote)], before);
    else {
      assertEquals((await shared.git("rev-parse", "main", "v1.1.0^{}", "HEAD")).trim().split("\n"), [main, main, main]);
      assertEquals((await shared.git("log", "-1", "--format=%s", main)).trim(), "Merge topic");
    }
  }
  assertEquals((await listWorktrees(repository)).length, 1);
  assertEquals(await shared.git("status", "--porcelain"), "");
  if ((await refsOf(shared.root)).HEAD === "refs/heads/main") assertEquals((await run(shared, {}, "undo")).code, 0);
  assertEquals([await refsOf(shared.root), await refsOf(shared.remote)], before);
  return true;
}

for (
  const [start, moment, action] of [
    [1, "before", "continue"],
    [3, "after", "continue"],
    [5, "before", "undo"],
    [2, "after", "undo"],
  ] as const
) {
  Deno.test(`runOperation() killed ${moment} any call of git leaves what ${action} completes`, () =>
    inSharedRepository(async (shared) => {
      const plan = await preparePlan(shared);
      const watched = await writeWatchedGit(join(shared.root, "..", "bin"));
      let killed = 0;
      const first = Math.min(start, STRIDE);
      for (
        let call = first;
        await killAndFinish({ shared, watched, plan }, call, { moment, action });
        call += STRIDE
      ) {
        killed++;
      }
      // The last run was not killed, so its calls are all that there are.
      const calls = (await watched.calls()).length;
      assertEquals(killed, Math.floor((calls - first) / STRIDE) + 1);
      assert(calls > 12, `${calls} calls`);
    }));
}
