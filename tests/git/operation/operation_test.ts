import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../../lib/base/mod.ts";
import {
  addWorktree,
  continueOperation,
  listWorktrees,
  openRepository,
  type OperationPlan,
  OperationStore,
  removeLeftovers,
  renderScript,
  type Repository,
  runOperation,
  type Step,
  undoOperation,
} from "../../../lib/git/mod.ts";
import {
  gitIn,
  inSharedRepository,
  refsOf,
  type SharedRepository,
} from "../../helpers/repository/shared_repository.ts";
import { openTempDir } from "../../helpers/temp_dir.ts";

/** Two branches that both changed since `main`: merges `topic` into `main`, tags, pushes, and moves local refs. */
async function prepareMerge({ git, write, commit }: SharedRepository): Promise<OperationPlan> {
  const main = (await git("rev-parse", "main")).trim();
  await git("switch", "-q", "-c", "topic");
  await write("b.txt", "topic\n");
  const topic = await commit("topic");
  await git("push", "-q", "origin", "topic");
  const steps: readonly Step[] = [
    { type: "merge", id: "merge-main", onto: { sha: main }, from: { sha: topic }, message: "Merge topic into main" },
    { type: "tag", id: "tag", name: "v1.1.0", on: { step: "merge-main" }, message: "v1.1.0" },
    {
      type: "push",
      id: "push",
      remote: "origin",
      changes: [
        { ref: "refs/heads/main", before: main, after: { step: "merge-main" } },
        { ref: "refs/heads/new", before: null, after: { step: "merge-main" } },
        { ref: "refs/tags/v1.1.0", before: null, after: { step: "tag" } },
      ],
    },
    {
      type: "refs",
      id: "refs",
      changes: [
        { ref: "refs/heads/main", before: main, after: { step: "merge-main" } },
        { ref: "refs/heads/new", before: null, after: { step: "merge-main" } },
      ],
    },
    { type: "track", id: "track", branch: "new", remote: "origin" },
    { type: "switch", id: "switch", branch: "new", from: "topic" },
  ];
  return { command: "branch finish topic", summary: "Merges topic into main", steps };
}

async function opened(shared: SharedRepository): Promise<Repository> {
  return await openRepository(shared.root);
}

Deno.test("runOperation() merges, tags, pushes and moves branches, and undoOperation() takes all of it back", () =>
  inSharedRepository(async (shared) => {
    const { root, remote, registry, git, atRemote } = shared;
    const plan = await prepareMerge(shared);
    const before = [await refsOf(root), await refsOf(remote), await git("config", "--list", "--local")];
    const repository = await opened(shared);
    const operation = await runOperation(repository, plan, { registry });
    const merge = operation.results["merge-main"]!;
    assertEquals(operation.state, "done");
    assertEquals((await git("rev-parse", "main", "new", "v1.1.0^{commit}")).trim().split("\n"), [merge, merge, merge]);
    assertEquals((await atRemote("rev-parse", "main", "new", "v1.1.0^{commit}")).trim().split("\n"), [
      merge,
      merge,
      merge,
    ]);
    assertEquals((await git("symbolic-ref", "--short", "HEAD")).trim(), "new");
    assertEquals((await git("rev-list", "--parents", "-n1", merge)).trim().split(" ").length, 3);
    assertEquals((await git("rev-parse", "--abbrev-ref", "new@{upstream}")).trim(), "origin/new");
    assertEquals((await listWorktrees(repository)).length, 1);
    const undone = await undoOperation(repository, { registry });
    assertEquals(undone.state, "undone");
    assertEquals([await refsOf(root), await refsOf(remote), await git("config", "--list", "--local")], before);
    await assertRejects(() => undoOperation(repository, { registry }), KitError, "is undone already");
  }));

/** Replace the push by one that happens just after a colleague's. */
function withCheck(plan: OperationPlan): OperationPlan {
  const check: Step = { type: "check", id: "check", on: { step: "merge-main" }, command: ["deno", "task", "gate"] };
  return { ...plan, steps: [plan.steps[0]!, check, ...plan.steps.slice(1)] };
}

Deno.test("runOperation() leaves everything as it was if somebody pushes in the meantime", () =>
  inSharedRepository(async (shared) => {
    const { root, remote, registry, pushAsColleague } = shared;
    const plan = withCheck(await prepareMerge(shared));
    const repository = await opened(shared);
    const before = await refsOf(root);
    let theirs = "";
    const runCheck = async () => {
      theirs = await pushAsColleague("main", "c.txt");
      return null;
    };
    const error = await assertRejects(() => runOperation(repository, plan, { registry, runCheck }), KitError);
    assertStringIncludes(error.message, "main has moved on at origin in the meantime");
    assertEquals(error.code, "unsafe");
    assertEquals(await refsOf(root), before);
    assertEquals((await refsOf(remote))["refs/heads/main"], theirs);
    assertEquals(await new OperationStore(repository).readCurrent(), null);
    assertEquals((await new OperationStore(repository).readEnded()).map(({ state }) => state), ["undone"]);
    assertEquals((await listWorktrees(repository)).length, 1);
  }));

interface Around {
  /** The verb of git. */
  readonly verb?: string;
  /** Shell commands. */
  readonly before?: string;
  readonly after?: string;
}

/** Run or continue a plan in a process whose `git push`, or another verb, is preceded and followed by a shell command. */
async function runAroundPush(
  { root, registry }: SharedRepository,
  plan: OperationPlan | "continue",
  { verb = "push", before = ":", after = ":" }: Around,
) {
  const shim = join(root, "..", "bin");
  await Deno.mkdir(shim, { recursive: true });
  const { stdout } = await new Deno.Command("sh", { args: ["-c", "command -v git"] }).output();
  const real = new TextDecoder().decode(stdout).trim();
  const script = `#!/bin/sh
git() { '${real}' "$@"; }
case " $* " in *" ${verb} "*) ;; *) exec '${real}' "$@";; esac
${before}
git "$@"
code=$?
${after}
exit $code
`;
  await Deno.writeTextFile(join(shim, "git"), script, { mode: 0o755 });
  const worker = new URL("./_operation_worker.ts", import.meta.url);
  const { code, signal, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-qA", worker.href, root, registry, ...plan === "continue" ? [plan] : []],
    env: { PATH: `${shim}:${Deno.env.get("PATH")}`, PLAN: JSON.stringify(plan) },
  }).output();
  return { code, signal, stderr: new TextDecoder().decode(stderr) };
}

Deno.test("runOperation() pushes all refs or none: a lease that no longer holds refuses the others too", () =>
  inSharedRepository(async (shared) => {
    const { root, remote, pushAsColleague, atRemote } = shared;
    const plan = await prepareMerge(shared);
    const before = await refsOf(root);
    // The remote's hook lets a colleague's commit arrive after the refs were compared, and before they are pushed.
    const theirs = await pushAsColleague("main", "c.txt");
    await atRemote("update-ref", "refs/heads/main", before["refs/heads/main"]!);
    const { code, stderr } = await runAroundPush(shared, plan, {
      before: `git -C '${remote}' update-ref refs/heads/main ${theirs}`,
    });
    assertEquals(code, 4, stderr);
    assertStringIncludes(stderr, "has moved on at origin in the meantime");
    assertEquals(await refsOf(root), before);
    assertEquals(Object.keys(await refsOf(remote)).sort(), [
      "HEAD",
      "refs/heads/main",
      "refs/heads/topic",
      "refs/tags/v1.0.3",
    ]);
  }));

/** Creates develop and a feature at `main`, as two colleagues may do at the same moment. */
async function prepareStart({ git }: SharedRepository): Promise<OperationPlan> {
  const sha = (await git("rev-parse", "main")).trim();
  const changes = ["develop", "feature/a"].map((name) => ({
    ref: `refs/heads/${name}`,
    before: null,
    after: { sha },
  }));
  const steps: readonly Step[] = [
    { type: "check", id: "check", on: { sha }, command: ["true"] },
    { type: "push", id: "push", remote: "origin", changes },
    { type: "refs", id: "refs", changes },
  ];
  return { command: "branch start feature/a", summary: "Creates feature/a", steps };
}

Deno.test("runOperation() leaves a branch alone that a colleague has made at the same commit in the meantime", () =>
  inSharedRepository(async (shared) => {
    const { root, remote, registry, atRemote } = shared;
    const plan = await prepareStart(shared);
    const repository = await opened(shared);
    const here = await refsOf(root);
    const before = await refsOf(remote);
    const sha = before["refs/heads/main"]!;
    const theirs = { ...before, "refs/heads/feature/a": sha };
    const made = "somebody has made feature/a at origin in the meantime";
    // Before this process looks, and between its look and its push, which then makes only the other branch.
    const runCheck = async () => {
      await atRemote("update-ref", "refs/heads/feature/a", sha);
      return null;
    };
    const error = await assertRejects(() => runOperation(repository, plan, { registry, runCheck }), KitError, made);
    assertEquals([error.code, await refsOf(root), await refsOf(remote)], ["unsafe", here, theirs]);
    await atRemote("update-ref", "-d", "refs/heads/feature/a");
    const late = await runAroundPush(shared, plan, {
      before: `git -C '${remote}' update-ref refs/heads/feature/a ${sha}`,
    });
    assertEquals(late.code, 4, late.stderr);
    assertStringIncludes(late.stderr, made);
    assertEquals([await refsOf(root), await refsOf(remote)], [here, theirs]);
    assertEquals((await new OperationStore(repository).readEnded()).map(({ state }) => state), ["undone", "undone"]);
    // A process that dies after its own push is not outrun by it.
    await atRemote("update-ref", "-d", "refs/heads/feature/a");
    const killed = await runAroundPush(shared, plan, { after: "kill -9 $PPID" });
    assertEquals(killed.signal, "SIGKILL");
    assertEquals((await continueOperation(repository, { registry })).state, "done");
    assertEquals((await refsOf(root))["refs/heads/feature/a"], sha);
    await undoOperation(repository, { registry });
    assertEquals([await refsOf(root), await refsOf(remote)], [here, before]);
    // Nor does it take back what a colleague has made before it pushed.
    const early = await runAroundPush(shared, plan, { before: "kill -9 $PPID; exit 1" });
    assertEquals(early.signal, "SIGKILL");
    await atRemote("update-ref", "refs/heads/feature/a", sha);
    await undoOperation(repository, { registry });
    assertEquals([await refsOf(root), await refsOf(remote)], [here, theirs]);
  }));

Deno.test("runOperation() takes everything back if a check fails, and ends with the check's error", () =>
  inSharedRepository(async (shared) => {
    const { root, remote, registry } = shared;
    const plan = withCheck(await prepareMerge(shared));
    const repository = await opened(shared);
    const before = [await refsOf(root), await refsOf(remote)];
    const runCheck = async (_: Step, folder: string) => {
      assertEquals(await Deno.readTextFile(join(folder, "b.txt")), "topic\n");
      return new KitError("failed", "Cannot finish: the gate failed");
    };
    await assertRejects(() => runOperation(repository, plan, { registry, runCheck }), KitError, "the gate failed");
    assertEquals([await refsOf(root), await refsOf(remote)], before);
    await assertRejects(() => continueOperation(repository, { registry }), KitError, "no operation is under way");
  }));

/** A plan whose merge has a conflict in `b.txt`. */
async function prepareConflict(shared: SharedRepository): Promise<OperationPlan> {
  const { git, write, commit } = shared;
  await write("b.txt", "main\n");
  await commit("main");
  await git("push", "-q", "origin", "main");
  await git("switch", "-q", "--detach", "HEAD~1");
  return await prepareMerge(shared);
}

/** The folder that an error names for the conflicts. */
function folderOf({ hint }: KitError): string {
  return /Edit those files in (.*), run git add/.exec(hint!)![1]!;
}

/** Run a plan until it waits at its conflict. */
async function suspendAtConflict(
  repository: Repository,
  plan: OperationPlan,
  options: { readonly registry: string },
): Promise<KitError> {
  return await assertRejects(() => runOperation(repository, plan, options), KitError, "has conflicts in b.txt");
}

Deno.test("runOperation() suspends at a conflict, removeLeftovers() keeps its tree, and it continues once resolved", () =>
  inSharedRepository(async (shared) => {
    const { root, registry, git } = shared;
    const plan = await prepareConflict(shared);
    const main = (await git("rev-parse", "main")).trim();
    const steps = JSON.parse(JSON.stringify(plan.steps)) as Step[];
    assertEquals(steps[0]!.type === "merge" && steps[0]!.onto, { sha: main });
    const repository = await opened(shared);
    const folder = folderOf(await suspendAtConflict(repository, plan, { registry }));
    assertEquals(await removeLeftovers({ registry }), []);
    await assertRejects(() => runOperation(repository, plan, { registry }), KitError, "has not ended");
    await assertRejects(() => continueOperation(repository, { registry }), KitError, "has conflicts in b.txt");
    await Deno.writeTextFile(join(folder, "b.txt"), "both\n");
    await gitIn(folder, "add", "b.txt");
    const done = await continueOperation(repository, { registry });
    assertEquals(done.state, "done");
    assertEquals(await git("show", "main:b.txt"), "both\n");
    assertEquals((await listWorktrees(repository)).length, 1);
    await using _tree = await addWorktree(repository, main, { registry, command: "test" });
    assertEquals(await Deno.readTextFile(join(root, "b.txt")), "both\n");
  }));

Deno.test("continueOperation() takes a merge that the person has committed, and loses nothing that is not committed", () =>
  inSharedRepository(async (shared) => {
    const { registry, git } = shared;
    const plan = await prepareConflict(shared);
    const repository = await opened(shared);
    const folder = folderOf(await suspendAtConflict(repository, plan, { registry }));
    const refuse = async (words: string) => {
      const error = await assertRejects(() => continueOperation(repository, { registry }), KitError, words);
      assertEquals([error.code, await new OperationStore(repository).readCurrent() === null], ["unsafe", false]);
    };
    await Deno.writeTextFile(join(folder, "b.txt"), "both\n");
    await gitIn(folder, "add", "b.txt");
    await Deno.writeTextFile(join(folder, "b.txt"), "both, and more\n");
    await Deno.writeTextFile(join(folder, "new.txt"), "new\n");
    await refuse("without what was changed after git add");
    assertEquals(await Deno.readTextFile(join(folder, "b.txt")), "both, and more\n");
    await gitIn(folder, "add", "b.txt");
    await refuse("new.txt");
    await gitIn(folder, "commit", "-q", "-m", "resolved by hand");
    await refuse("is committed in");
    await gitIn(folder, "add", "new.txt");
    await gitIn(folder, "commit", "-q", "-m", "a file that was forgotten");
    const own = (await gitIn(folder, "rev-parse", "HEAD")).trim();
    assertEquals((await continueOperation(repository, { registry })).results["merge-main"], own);
    assertEquals((await git("log", "--format=%s", "--first-parent", "-2", "main")).trim().split("\n"), [
      "a file that was forgotten",
      "resolved by hand",
    ]);
    assertEquals(await git("show", "main:b.txt", "main:new.txt"), "both, and more\nnew\n");
  }));

Deno.test("continueOperation() killed around its commit of what was resolved loses none of it", () =>
  inSharedRepository(async (shared) => {
    const { registry, git } = shared;
    const plan = await prepareConflict(shared);
    const repository = await opened(shared);
    for (const moment of ["before", "after"]) {
      const folder = folderOf(await suspendAtConflict(repository, plan, { registry }));
      await Deno.writeTextFile(join(folder, "b.txt"), "both\n");
      await gitIn(folder, "add", "b.txt");
      const killed = await runAroundPush(shared, "continue", { verb: "commit", [moment]: "kill -9 $PPID; exit 1" });
      assertEquals(killed.signal, "SIGKILL", killed.stderr);
      assertEquals((await continueOperation(repository, { registry })).state, "done");
      assertEquals(await git("show", "main:b.txt"), "both\n");
      await undoOperation(repository, { registry });
    }
  }));

Deno.test("continueOperation() keeps the tree of a person who gave the merge up there for another commit", () =>
  inSharedRepository(async (shared) => {
    const { registry } = shared;
    const plan = await prepareConflict(shared);
    const repository = await opened(shared);
    const folder = folderOf(await suspendAtConflict(repository, plan, { registry }));
    await gitIn(folder, "merge", "--abort");
    await Deno.writeTextFile(join(folder, "b.txt"), "mine\n");
    await gitIn(folder, "commit", "-q", "-a", "-m", "another commit");
    await assertRejects(() => continueOperation(repository, { registry }), KitError, "does not have both sides");
    assertEquals((await gitIn(folder, "log", "-1", "--format=%s")).trim(), "another commit");
    await undoOperation(repository, { registry });
  }));

Deno.test("continueOperation() keeps what was resolved if it cannot be committed, and names it if a check fails", () =>
  inSharedRepository(async (shared) => {
    const { registry, git } = shared;
    const plan = withCheck(await prepareConflict(shared));
    const repository = await opened(shared);
    const resolve = async (folder: string) => {
      await Deno.writeTextFile(join(folder, "b.txt"), "both\n");
      await gitIn(folder, "add", "b.txt");
    };
    const folder = folderOf(await suspendAtConflict(repository, plan, { registry }));
    await resolve(folder);
    await git("config", "commit.gpgsign", "true");
    await git("config", "user.signingkey", "0xDEADBEEF");
    const unsigned = await assertRejects(() => continueOperation(repository, { registry }), KitError, "cannot sign");
    assertStringIncludes(unsigned.message, `what was resolved in ${folder} is kept`);
    assertEquals(unsigned.code, "usage");
    await git("config", "--unset", "commit.gpgsign");
    const runCheck = () => Promise.resolve(new KitError("failed", "Cannot finish: the gate failed"));
    const failed = await assertRejects(() => continueOperation(repository, { registry, runCheck }), KitError, "gate");
    const [, kept] = /are kept in (\w{12}); when they come again/.exec(failed.hint!)!;
    assertEquals(await git("show", `${kept}:b.txt`), "both\n");
    const again = folderOf(await suspendAtConflict(repository, plan, { registry }));
    const [, takeOver] = /takes a file over: git (.*) FILE$/.exec(failed.hint!)!;
    await gitIn(again, ...takeOver!.split(" "), "b.txt");
    const passed = await continueOperation(repository, { registry, runCheck: () => Promise.resolve(null) });
    assertEquals([passed.state, await git("show", "main:b.txt")], ["done", "both\n"]);
  }));

Deno.test("undoOperation() changes nothing if a branch has moved on since, here or on the remote", () =>
  inSharedRepository(async (shared) => {
    const { root, remote, registry, pushAsColleague, git } = shared;
    const repository = await opened(shared);
    const operation = await runOperation(repository, await prepareMerge(shared), { registry });
    await pushAsColleague("main", "c.txt");
    const after = [await refsOf(root), await refsOf(remote)];
    const error = await assertRejects(
      () => undoOperation(repository, { registry }),
      KitError,
      "moved on at origin since",
    );
    assertEquals(error.code, "unsafe");
    const pushed = operation.results["merge-main"]!.slice(0, 12);
    assertStringIncludes(error.hint!, `git fetch origin && git log ${pushed}..origin/main`);
    assertStringIncludes(error.hint!, `git revert -m 1 ${pushed}`);
    assertEquals([await refsOf(root), await refsOf(remote)], after);
    assertEquals((await git("symbolic-ref", "--short", "HEAD")).trim(), "new");
  }));

Deno.test("renderScript() prints calls that lead to the same branches, tags and contents", () =>
  inSharedRepository(async (shared) => {
    const { root, remote, registry, git, write } = shared;
    const blob = (await git("hash-object", "-w", "--no-filters", "a.txt")).trim();
    const plan = await prepareMerge(shared);
    await write("note's.txt", "untracked\n");
    const commit: Step = {
      type: "commit",
      id: "prepare",
      onto: { step: "merge-main" },
      files: [{ path: "it's new.txt", blob }],
      message: 'It\'s "new"\n\n$HOME stays',
    };
    const steps = [plan.steps[0]!, commit, ...plan.steps.slice(1)];
    const moved = JSON.parse(JSON.stringify(steps).replaceAll('"step":"merge-main"', '"step":"prepare"')) as Step[];
    moved[1] = commit;
    const full = { ...plan, steps: moved };
    const script = renderScript(full);
    const before = [await refsOf(root), await refsOf(remote)];
    await using temporary = await openTempDir();
    const env = { TMPDIR: temporary.path };
    const { code, stderr } = await new Deno.Command("sh", { args: ["-c", script], cwd: root, env }).output();
    assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
    assertEquals(await Array.fromAsync(Deno.readDir(temporary.path)), []);
    const scripted = await summarize(shared);
    assertStringIncludes(await git("log", "-1", "--format=%B", "main"), "$HOME stays");
    await git("switch", "-q", "topic");
    for (const [ref, sha] of Object.entries(before[0]!)) if (ref !== "HEAD") await git("update-ref", ref, sha);
    await git("update-ref", "-d", "refs/heads/new");
    await git("update-ref", "-d", "refs/tags/v1.1.0");
    await git("push", "-q", "--force", "origin", `${before[1]!["refs/heads/main"]}:main`, ":new", ":v1.1.0");
    await runOperation(await opened(shared), full, { registry });
    assertEquals(await summarize(shared), scripted);
  }));

/** Branches and tags by their trees and parents: commits made at another time have other hashes. */
async function summarize({ root, remote }: SharedRepository): Promise<unknown> {
  const format = "--format=%(refname) %(tree)%(*tree) %(parent)%(contents:subject)";
  const head = await gitIn(root, "symbolic-ref", "HEAD");
  const commits = (text: string) => text.replaceAll(/ [0-9a-f]{40}(?=[A-Z])/g, "");
  return [
    commits(await gitIn(root, "for-each-ref", format)),
    commits(await gitIn(remote, "for-each-ref", format)),
    head,
    await gitIn(root, "status", "--porcelain"),
  ];
}
