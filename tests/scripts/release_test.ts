import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { openRepository, OperationStore } from "../../lib/git/mod.ts";
import { command as branchCommand } from "../../scripts/branch.ts";
import { call } from "../helpers/call.ts";
import { callCommand } from "../helpers/call_command.ts";
import { readCommands } from "../helpers/pages/read_block.ts";
import { UNSAFE_CHECKOUTS } from "../helpers/repository/unsafe_checkouts.ts";
import { gitIn, introduce, refsOf, type SharedRepository } from "../helpers/repository/shared_repository.ts";
import { inReleaseProject, readThere as read, release, writeProductionTest } from "./_release_project.ts";

function inProject(use: (shared: SharedRepository) => Promise<void>): Promise<void> {
  return inReleaseProject({}, use);
}

Deno.test("release plays a version: prepared, alpha, beta, two candidates, stable in main and develop", () =>
  inProject(async (shared) => {
    const { root, git } = shared;
    const before = await refsOf(root);
    const commands = await readCommands("docs/releases.md", "deno task release ");
    const [status, prepare, alpha, beta, candidate, productionTest, finish] = commands;
    const run = (words: readonly string[] | undefined) => release(shared, ...words!.slice(3));
    assertStringIncludes((await run(status)).out, "civitai-dl release prepare 1.1.0");
    const prepared = await run(prepare);
    assertEquals(prepared.code, 0, prepared.err);
    assertStringIncludes(await read(shared, "release/v1.1-candidate:deno.json"), '"version": "1.1.0"');
    const changelog = await read(shared, "release/v1.1-candidate:CHANGELOG.md");
    const again = await run(prepare);
    assertEquals(again.code, 2, again.err);
    assertStringIncludes(
      again.err,
      "Cannot prepare 1.1.0 again: it is prepared on release/v1.1-candidate, and changes/ has no change there",
    );
    assertStringIncludes(again.err, "Next: civitai-dl release candidate 1.1.0\n");
    assert(/# Changelog\s+## \[1\.1\.0\] - \d{4}-\d\d-\d\d\s+### Added\s+- A thing/.test(changelog), changelog);
    for (
      const [stage, tag] of [
        [alpha, "v1.1.0-alpha"],
        [beta, "v1.1.0-beta"],
        [candidate, "v1.1.0-rc.1"],
        [candidate, "v1.1.0-rc.2"],
      ] as const
    ) {
      const tagged = await run(stage);
      assertEquals([tag, tagged.code], [tag, 0], tagged.err);
      assertStringIncludes(await read(shared, `${tag}:deno.json`), `"version": "${tag.slice(1)}"`);
      assertEquals((await gitIn(shared.remote, "cat-file", "-t", tag)).trim(), "tag");
    }
    const untested = await run(finish);
    assertEquals(untested.code, 3, untested.err);
    // tests/integration/production_test.ts runs the production test, of a whole program.
    const hint = productionTest!.slice(2).join(" ").replace("rc.1", "rc.2");
    assertStringIncludes(untested.err, `civitai-dl ${hint}`);
    await writeProductionTest(shared, "v1.1.0-rc.2");
    const stable = await run(finish);
    assertEquals(stable.code, 0, stable.err);
    const main = (await gitIn(shared.remote, "rev-parse", "main")).trim();
    assertEquals((await gitIn(shared.remote, "rev-parse", "v1.1.0^{commit}")).trim(), main);
    await gitIn(shared.remote, "merge-base", "--is-ancestor", main, "develop");
    assertStringIncludes(await read(shared, "main:deno.json"), '"version": "1.1.0"');
    assertStringIncludes(
      await gitIn(shared.remote, "tag", "-l", "--format=%(contents)", "v1.1.0"),
      "Production-Test: v1.1.0-rc.2",
    );
    assertEquals((await git("symbolic-ref", "--short", "HEAD")).trim(), "main");
    assertEquals((await refsOf(root))["refs/heads/main"], before["refs/heads/main"]);
    assertStringIncludes((await release(shared, "status")).out, "v1.1.0");
    assertStringIncludes((await run(prepare)).err, "v1.1.0 exists");
  }));

Deno.test("release waits for the phase of its line, unless an override says why it does not count", () =>
  inReleaseProject({ isPhaseFinished: false }, async (shared) => {
    const { git } = shared;
    const before = [await refsOf(shared.root), await refsOf(shared.remote)];
    const early = await release(shared, "prepare", "1.1.0");
    assertEquals(early.code, 4, early.err);
    assertStringIncludes(early.err, "Cannot release 1.1.0: phase 1 is not finished; there is no tag v1.1.0-phase1");
    assertStringIncludes(early.err, "civitai-dl branch status");
    assertEquals([await refsOf(shared.root), await refsOf(shared.remote)], before);
    const prepared = await release(shared, "prepare", "1.1.0", "--override", "measured by hand");
    assertEquals(prepared.code, 0, prepared.err);
    assertStringIncludes(prepared.out, 'Phase 1 does not count: "measured by hand", which the commit records');
    const format = "--format=%(trailers:key=Phase-Override)";
    assertEquals(
      (await gitIn(shared.remote, "log", "-1", format, "release/v1.1-candidate")).trim(),
      "Phase-Override: measured by hand",
    );
    const status = await release(shared);
    assertStringIncludes(status.out, "1.1.0 on release/v1.1-candidate, waits for phase 1");
    assertStringIncludes(status.out, "civitai-dl branch create-phase 1\n");
    for (const stage of ["alpha", "beta", "candidate"]) {
      const called = await release(shared, stage, "1.1.0");
      assertEquals([stage, called.code], [stage, 4], called.err);
    }
    assertEquals((await release(shared, "candidate", "1.1.0", "--override", "urgent")).code, 0);
    const message = await gitIn(shared.remote, "tag", "-l", "--format=%(contents)", "v1.1.0-rc.1");
    assertStringIncludes(message, "Phase-Override: urgent\nGate-Override: urgent\n");
    await writeProductionTest(shared, "v1.1.0-rc.1");
    assertEquals((await release(shared, "stable", "1.1.0")).code, 4);

    // A tag that is only here was made by hand; one that the branch lacks is of other code.
    await git("tag", "-a", "-m", "mine", "v1.1.0-phase1", "main");
    assertStringIncludes((await release(shared, "stable", "1.1.0")).err, "exists here, and is not on origin");
    await git("tag", "-d", "v1.1.0-phase1");
    await shared.pushAsColleague("main", "phase.txt");
    await git("fetch", "-q");
    await git("tag", "-a", "-m", "phase 1", "v1.1.0-phase1", "origin/main");
    await git("push", "-q", "origin", "v1.1.0-phase1");
    const lacking = await release(shared, "candidate", "1.1.0");
    assertEquals(lacking.code, 4, lacking.err);
    assertStringIncludes(lacking.err, "git switch release/v1.1-candidate && git merge v1.1.0-phase1");
    await git("push", "-q", "--delete", "origin", "v1.1.0-phase1");
    await git("tag", "-d", "v1.1.0-phase1");
    await git("switch", "-q", "release/v1.1-candidate");
    await git("merge", "-q", "--ff-only", "origin/release/v1.1-candidate");
    await git("merge", "-q", "--no-edit", "origin/main");
    await git("push", "-q", "origin", "HEAD");
    await git("switch", "-q", "main");
    assertEquals((await release(shared, "stable", "1.1.0", "--override", "urgent")).code, 0);
    assertStringIncludes((await release(shared)).out, "released without phase 1");
  }));

Deno.test("release changes nothing if the gate fails, and records an override in the tag", () =>
  inProject(async (shared) => {
    await release(shared, "prepare", "1.1.0");
    await shared.pushAsColleague("release/v1.1-candidate", "broken");
    const before = [await refsOf(shared.root), await refsOf(shared.remote)];
    const failed = await release(shared, "alpha", "1.1.0");
    assertEquals(failed.code, 1, failed.err);
    assertEquals([await refsOf(shared.root), await refsOf(shared.remote)], before);
    // A setting in a file must not skip the gate each time.
    const config = join(shared.root, "..", "civitai-dl.yml");
    await Deno.writeTextFile(config, "release: { override: always }\n");
    const configured = await call(["release", "alpha", "1.1.0", "--repo", shared.root, "--config", config]);
    assertEquals(configured.code, 2, configured.err);
    assertStringIncludes(configured.err, '"release" is a task of a checkout');
    const overridden = await release(shared, "alpha", "1.1.0", "--override", "known fault");
    assertEquals(overridden.code, 0, overridden.err);
    const message = await gitIn(shared.remote, "tag", "-l", "--format=%(contents)", "v1.1.0-alpha");
    assertStringIncludes(message, "Gate-Override: known fault");
    const undone = await callCommand(branchCommand, ["undo", "--repo", shared.root]);
    assertEquals(undone.code, 0, undone.err);
    assertStringIncludes(undone.out, "\nv1.1.0-alpha was on origin, so a workflow there may have begun to publish it");
    assertEquals([await refsOf(shared.root), await refsOf(shared.remote)], before);
  }));

Deno.test("release refuses a wrong order, a wrong version and an unprepared branch, and changes nothing", () =>
  inProject(async (shared) => {
    const before = [await refsOf(shared.root), await refsOf(shared.remote)];
    for (
      const [args, code, text] of [
        [["prepare"], 2, "it needs a version"],
        [["prepare", "1.x"], 2, "not a version"],
        [["prepare", "1.1.0-rc.1"], 2, "name the release that it leads to"],
        [["prepare", "1.0.2"], 2, "1.0.3 is released, which is higher"],
        [["prepare", "1.0.3"], 4, "the tag v1.0.3 exists"],
        [["prepare", "7.0.0"], 2, "there is no line"],
        [["prepare", "1.2.0"], 4, "no 1.1.x is released"],
        [["alpha", "1.1.0"], 4, "there is no branch release/v1.1-candidate"],
        [["stable", "1.1.0"], 4, "it has no candidate"],
        [["notes", "1.1.0"], 2, "release prepare 1.1.0"],
        [["alpha", "1.1.0", "--offline"], 2, "offline"],
        [["status", "x"], 2, "Cannot understand"],
        [["prepare", "1.1"], 2, "such as 1.1.0"],
        [["prepare", "1.1.0+build"], 2, "not a version"],
        [["prepare", "1.1.0", "--override", "why"], 2, "it asks no gate, and no phase is missing"],
        [["alpha", "1.1.0", "--override"], 2, "Missing value for --override"],
        [["alpha", "1.1.0", "--override", " "], 2, "the reason is empty"],
        [["prepare", "1.1.0", "--remote", "nowhere"], 2, "it has origin"],
        [["--override", "why"], 2, "Cannot use --override with status"],
        [["status", "--dry-run"], 2, "Cannot use --dry-run with status"],
        [["notes", "1.0.3", "--offline"], 2, "Cannot use --offline with notes"],
        [["notes", "1.0.3"], 2, "git show --no-patch v1.0.3"],
      ] as const
    ) {
      const called = await release(shared, ...args);
      assertEquals([args.join(" "), called.code], [args.join(" "), code], called.err);
      assertStringIncludes(called.err, text);
    }
    assertEquals([await refsOf(shared.root), await refsOf(shared.remote)], before);
    await release(shared, "prepare", "1.1.0");
    await release(shared, "candidate", "1.1.0");
    const elsewhere = await release(shared, "notes", "1.1.0");
    assertStringIncludes(elsewhere.err, "They are on the branch of the release: git switch release/v1.1-candidate");
    const unlike = await release(shared, "check", "v1.1.0-rc.1");
    assertEquals(unlike.code, 1);
    assertStringIncludes(unlike.err, "git switch --detach v1.1.0-rc.1");
    assert(!unlike.err.includes("did not make the tag"), unlike.err);
    for (const [tag, options] of [["v1.1.0-rc.8", []], ["v1.1.0-rc.9", ["-a", "-m", "by hand"]]] as const) {
      await shared.git("tag", ...options, tag);
      assertStringIncludes((await release(shared, "check", tag)).err, '"release" did not make the tag');
      await shared.git("tag", "-d", tag);
    }
    assertStringIncludes((await release(shared, "alpha", "1.1.0")).err, "v1.1.0-rc.1 exists");
    assertStringIncludes((await release(shared, "beta", "1.1.0")).err, "v1.1.0-rc.1 exists");
    await shared.write("a.txt", "changed\n");
    const dirty = await release(shared, "candidate", "1.1.0");
    assertEquals(dirty.code, 4);
    assertStringIncludes(dirty.err, "uncommitted changes: a.txt");
  }));

Deno.test("release status names an operation that was interrupted, and the way on", () =>
  inProject(async (shared) => {
    await release(shared, "prepare", "1.1.0");
    const store = new OperationStore(await openRepository(shared.root));
    const [last] = await store.readEnded();
    // As a kill right after the push leaves it, which is its second step.
    const push = last!.steps[1]!;
    const sent = push.type === "push" ? push.changes.map(({ ref }) => ref) : [];
    await store.write({ ...last!, state: "running", endedAt: null, at: 1, sent });
    const { code, out } = await release(shared, "status");
    assertEquals(code, 0);
    assertStringIncludes(out, "civitai-dl branch continue");
    assertEquals((await callCommand(branchCommand, ["continue", "--repo", shared.root])).code, 0);
    assert(!(await release(shared, "status")).out.includes("branch continue"));
  }));

Deno.test("release goes on if a tag is only here or only on the remote, or says what to do about it", () =>
  inProject(async (shared) => {
    const { root, git, atRemote, write, commit } = shared;
    await git("tag", "-a", "-m", "mine", "v1.0.9");
    assertEquals((await release(shared, "prepare", "1.0.4", "--dry-run")).code, 0);
    await git("tag", "-a", "-m", "mine", "v1.1.0");
    const here = await release(shared, "prepare", "1.1.0");
    assertEquals(here.code, 4, here.err);
    assertStringIncludes(here.err, "the tag v1.1.0 exists here, and is not on origin");
    await git("tag", "-d", "v1.1.0", "v1.0.9");
    // A tag that fetch does not bring, because its commit is in no branch.
    const colleague = `${root}-colleague`;
    await gitIn(root, "clone", "-q", shared.remote, colleague);
    await introduce(colleague, "colleague");
    await gitIn(colleague, "commit", "-q", "--allow-empty", "-m", "elsewhere");
    await gitIn(colleague, "tag", "-a", "-m", "theirs", "v1.0.5");
    await gitIn(colleague, "push", "-q", "origin", "v1.0.5");
    assertStringIncludes((await release(shared, "prepare", "1.0.4")).err, "1.0.5 is released, which is higher");
    const there = await release(shared, "prepare", "1.0.6");
    assertEquals(there.code, 4, there.err);
    assertStringIncludes(there.err, "git fetch origin tag v1.0.5");
    await git("fetch", "-q", "origin", "tag", "v1.0.5");
    assertEquals((await release(shared, "prepare", "1.0.6", "--dry-run")).code, 0);
    await atRemote("tag", "-d", "v1.0.5");
    await git("tag", "-d", "v1.0.5");

    await release(shared, "prepare", "1.1.0");
    await git("fetch", "-q");
    await git("switch", "-q", "release/v1.1-candidate");
    await write("CHANGELOG.md", "# Changelog\n");
    await commit("docs: lose the section");
    await git("push", "-q", "origin", "HEAD");
    const lost = await release(shared, "alpha", "1.1.0");
    assertEquals(lost.code, 4, lost.err);
    assertStringIncludes(lost.err, "its CHANGELOG.md says nothing of 1.1.0");
  }));

Deno.test("release --dry-run changes nothing and prints the commands", () =>
  inProject(async (shared) => {
    const before = [await refsOf(shared.root), await refsOf(shared.remote)];
    const dry = await release(shared, "prepare", "1.1.0", "--dry-run", "--offline");
    assertEquals(dry.code, 0, dry.err);
    assertStringIncludes(dry.out, "chore(release): prepare v1.1.0");
    for (
      const line of [
        "# deno.json: from 1.0.3 to 1.1.0",
        "# CHANGELOG.md: 1 entry since v1.0.3, 1 of them from changes/",
      ]
    ) {
      assertStringIncludes(dry.out, `${line}\n`);
    }
    const blob = /git show (\w+) \(CHANGELOG\.md\)/.exec(dry.out)![1]!;
    assertStringIncludes(await shared.git("show", blob), "## [1.1.0]");
    assertEquals([await refsOf(shared.root), await refsOf(shared.remote)], before);
    const { code, stderr } = await new Deno.Command("sh", { args: ["-c", dry.out], cwd: shared.root }).output();
    assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
    assertStringIncludes(await read(shared, "release/v1.1-candidate:deno.json"), '"version": "1.1.0"');
  }));

for (const [name, [prepare, words]] of Object.entries(UNSAFE_CHECKOUTS)) {
  Deno.test(`release changes nothing with ${name}: exit code 4 and the reason, for every stage`, () =>
    inProject(async (shared) => {
      await release(shared, "prepare", "1.1.0");
      await prepare(shared);
      const read = async () => [
        await refsOf(shared.root),
        await refsOf(shared.remote),
        await gitIn(shared.root, "--no-optional-locks", "status", "--porcelain=v2", "--untracked-files=all"),
      ];
      const before = await read();
      for (const action of ["prepare", "alpha", "beta", "candidate", "stable"]) {
        const called = await release(shared, action, "1.1.0");
        assertEquals([action, called.code], [action, 4], called.err);
        assertStringIncludes(called.err, words);
      }
      assertEquals(await read(), before);
    }));
}

Deno.test("release refuses a shallow clone", () =>
  inProject(async (shared) => {
    const root = join(shared.root, "..", "shallow");
    await gitIn(shared.root, "clone", "-q", "--depth", "1", `file://${shared.remote}`, root);
    const { code, err } = await release({ root }, "prepare", "1.1.0");
    assertEquals(code, 4, err);
    assertStringIncludes(err, "git fetch --unshallow");
  }));
