import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { thisMachine, thisProgram } from "../../../lib/base/mod.ts";
import {
  continueOperation,
  listWorktrees,
  openRepository,
  OperationStore,
  type Repository,
  undoOperation,
} from "../../../lib/git/mod.ts";
import type { TaggedStage } from "../../../lib/installation/mod.ts";
import { type KillMoment, type WatchedGit, writeWatchedGit } from "../../helpers/repository/watched_git.ts";
import { inSharedRepository, refsOf, type SharedRepository } from "../../helpers/repository/shared_repository.ts";
import { readStatus, runRelease } from "./_release_worker.ts";

const WORKER = fileURLToPath(new URL("./_release_worker.ts", import.meta.url));
const BRANCH = "release/v1.1-candidate";
/** With KILL_STRIDE=1 every call of git is tried; here every so many, beginning somewhere else for each operation. */
const STRIDE = Number(Deno.env.get("KILL_STRIDE") ?? 27);

type Action = "prepare" | TaggedStage;

interface Played {
  readonly shared: SharedRepository;
  readonly repository: Repository;
  readonly deadly: WatchedGit;
  readonly action: Action;
}

/** A project in which an action is the next one. */
function inProjectBefore(action: Action, use: (played: Played) => Promise<void>): Promise<void> {
  return inSharedRepository(async (shared) => {
    const { root, registry, git, write, commit } = shared;
    await write("deno.json", '{\n  "name": "@x/x",\n  "version": "1.0.3"\n}\n');
    await write("CHANGELOG.md", "# Changelog\n");
    await write("changes/flag.md", "---\nkind: added\n---\n\nA flag.\n");
    await write("reports/.gitignore", "*\n");
    await commit("feat: a flag");
    await git("tag", "-a", "-m", "phase 1", "v1.1.0-phase1");
    await git("push", "-q", "--follow-tags", "origin", "main", "main:develop");
    await git("branch", "-q", "develop");
    await git("switch", "-q", "-c", "elsewhere");
    const repository = await openRepository(root);
    if (action !== "prepare") await runRelease(repository, "prepare", { registry });
    if (action === "stable") {
      await runRelease(repository, "candidate", { registry });
      await writeProductionTest(shared);
    }
    const deadly = await writeWatchedGit(join(root, "..", "bin"));
    await use({ shared, repository, deadly, action });
  });
}

async function writeProductionTest({ git, root }: SharedRepository): Promise<void> {
  const sha = (await git("rev-parse", "v1.1.0-rc.1^{commit}")).trim();
  const report = {
    schema: "civitai-dl/production",
    version: 1,
    tool: thisProgram(),
    commit: { sha, isDirty: false, ref: "v1.1.0-rc.1" },
    machine: thisMachine(),
    seed: null,
    startedAt: "2026-11-27T00:00:00.000Z",
    endedAt: "2026-11-27T00:01:00.000Z",
    plannedMs: 60_000,
    actualMs: 60_000,
    claims: [{ id: "download", verdict: "pass" }],
  };
  await Deno.writeTextFile(join(root, "reports/production.json"), JSON.stringify(report));
}

/** What a completed action has to leave, here and on the remote. */
async function assertComplete({ shared, action }: Played): Promise<void> {
  const here = await refsOf(shared.root);
  const there = await refsOf(shared.remote);
  const both = action === "stable" ? ["main", "develop", BRANCH] : [BRANCH];
  for (const name of both) assertEquals(here[`refs/heads/${name}`], there[`refs/heads/${name}`], name);
  const tag = action === "stable" ? "v1.1.0" : action === "candidate" ? "v1.1.0-rc.1" : null;
  if (tag === null) {
    assertEquals((await shared.atRemote("log", "-1", "--format=%s", BRANCH)).trim(), "chore(release): prepare v1.1.0");
    return;
  }
  assertEquals(here[`refs/tags/${tag}`], there[`refs/tags/${tag}`]);
  const commit = (await shared.atRemote("rev-parse", `${tag}^{commit}`)).trim();
  assertEquals(commit, there[`refs/heads/${action === "stable" ? "main" : BRANCH}`]);
  if (action === "stable") await shared.atRemote("merge-base", "--is-ancestor", commit, "develop");
}

/** Kill an action at a call of git, then finish it or take it back. Returns `false` if it ended before that call. */
async function killAndFinish(
  played: Played,
  call: number,
  { moment, end }: { readonly moment: KillMoment; readonly end: "continue" | "undo" },
): Promise<boolean> {
  const { shared, repository, deadly, action } = played;
  const options = { registry: shared.registry, runCheck: () => Promise.resolve(null) };
  const refs = async () => [await refsOf(shared.root), await refsOf(shared.remote)];
  const before = await refs();
  const store = new OperationStore(repository);
  const known = new Set((await store.readEnded()).map(({ id }) => id));
  const isDone = async () => (await store.readEnded()).some(({ id, state }) => !known.has(id) && state === "done");
  await deadly.reset();
  const { signal, code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-qA", WORKER, shared.root, shared.registry, action],
    env: { ...deadly.envAt(call, moment) },
  }).output();
  const place = `${action} ${moment} call ${call}, ${end}`;
  if (signal === null) assertEquals([place, code], [place, 0], new TextDecoder().decode(stderr));
  const { operation, next } = await readStatus(repository);
  if (operation !== null) {
    assertEquals([place, next.map(({ command }) => command)], [place, ["civitai-dl branch continue"]]);
    if (end === "continue") await continueOperation(repository, options);
    else await undoOperation(repository, options);
  } else if (!await isDone()) {
    // It was killed while it planned: nothing has changed, and the same command is the next one.
    assertEquals([place, await refs()], [place, before]);
    assertEquals([place, next[0]?.command], [place, commandOf(action)]);
    return signal !== null;
  }
  if (await isDone()) {
    await assertComplete(played);
    await undoOperation(repository, options);
  }
  assertEquals([place, await store.readCurrent()], [place, null]);
  assertEquals([place, await refs()], [place, before]);
  assertEquals((await listWorktrees(repository)).length, 1);
  assertEquals(await shared.git("status", "--porcelain"), "");
  return signal !== null;
}

/** What the status proposes while the action is not taken. */
function commandOf(action: Action): string {
  return `civitai-dl release ${action} 1.1.0`;
}

for (
  const [action, start] of [
    ["prepare", { before: 12, after: 19 }],
    ["candidate", { before: 17, after: 10 }],
    ["stable", { before: 14, after: 27 }],
  ] as const
) {
  Deno.test(`runOperation() of release ${action}, killed before or after any call of git, can be continued and undone`, () =>
    inProjectBefore(action, async (played) => {
      for (const moment of ["before", "after"] as const) {
        let killed = 0;
        // Both ends for every call: the other one at the other moment.
        const endOf = (call: number) => (call % 2 === 0) === (moment === "before") ? "continue" : "undo";
        for (
          let call = Math.min(start[moment], STRIDE);
          await killAndFinish(played, call, { moment, end: endOf(call) });
          call += STRIDE
        ) {
          killed++;
        }
        // The last run was not killed, so its calls are all that there are.
        if (STRIDE === 1) assertEquals(killed, (await played.deadly.calls()).length);
        assert(killed >= Math.floor(20 / STRIDE), `${killed} kills`);
      }
    }));
}
