import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { KitError, thisMachine, thisProgram } from "../../../lib/base/mod.ts";
import {
  type CheckStep,
  openRepository,
  readRepositoryFacts,
  renderScript,
  type Repository,
  runOperation,
  undoOperation,
} from "../../../lib/git/mod.ts";
import type { TaggedStage } from "../../../lib/installation/mod.ts";
import { parseStrategy, planPrepare, planStage, surveyReleases } from "../../../lib/release/mod.ts";
import { readConfigVersion, setConfigVersion } from "../../../lib/installation/versions/version_files.ts";
import { inSharedRepository, refsOf, type SharedRepository } from "../../helpers/repository/shared_repository.ts";

const CONFIG = `{\n  "name": "@x/x",\n  "version": "1.0.3", // not JSON\n}\n`.replace(", // not JSON", "");
const DATE = "2026-11-27";
const SHIPPED = await Deno.readTextFile(new URL("../../../config/branches.yml", import.meta.url));

/** A project with a changelog on main and develop, both pushed. */
function inProject(use: (shared: SharedRepository, repository: Repository) => Promise<void>): Promise<void> {
  return inSharedRepository(async (shared) => {
    const { root, git, write, commit } = shared;
    await write("deno.json", CONFIG);
    await write("CHANGELOG.md", "# Changelog\n\n## [1.0.3] - 2026-01-01\n\n- Old.\n");
    await write("changes/README.md", "How.\n");
    await write("changes/flag.md", "---\nkind: added\n---\n\nA flag.\n");
    await commit("feat: a flag");
    await git("tag", "-a", "-m", "phase 1", "v1.1.0-phase1");
    await git("push", "-q", "--follow-tags", "origin", "main", "main:develop");
    await git("switch", "-q", "-c", "elsewhere");
    await use(shared, await openRepository(root));
  });
}

async function survey(repository: Repository, text = SHIPPED) {
  const facts = await readRepositoryFacts(repository, { remote: "origin" });
  return await surveyReleases(parseStrategy(text, "branches.yml"), facts);
}

async function prepare({ registry }: SharedRepository, repository: Repository) {
  const plan = await planPrepare(repository, "1.1.0", { survey: await survey(repository), date: DATE });
  await runOperation(repository, plan, { registry });
  return plan;
}

async function planned(
  repository: Repository,
  stage: TaggedStage,
  override: string | null = null,
  reports: string[] = [],
) {
  const production = reports.map((text, index) => ({ source: `reports/${index}.json`, text }));
  return await planStage(repository, "1.1.0", {
    stage,
    survey: await survey(repository),
    date: DATE,
    override,
    reports: "/reports",
    production,
  });
}

async function release(
  shared: SharedRepository,
  repository: Repository,
  stage: TaggedStage,
  reports: string[] = [],
): Promise<readonly string[]> {
  const commands: string[] = [];
  const runCheck = (step: CheckStep) => {
    commands.push(step.command.join(" "));
    return Promise.resolve(null);
  };
  await runOperation(repository, await planned(repository, stage, null, reports), {
    registry: shared.registry,
    runCheck,
  });
  return commands;
}

function productionReport(tag: string, sha: string, verdict: "pass" | "fail"): string {
  return JSON.stringify({
    schema: "civitai-dl/production",
    version: 1,
    tool: thisProgram(),
    commit: { sha, isDirty: false, ref: tag },
    machine: thisMachine(),
    seed: null,
    startedAt: "2026-11-27T00:00:00.000Z",
    endedAt: "2026-11-27T00:01:00.000Z",
    plannedMs: 60_000,
    actualMs: 60_000,
    claims: [{ id: "download", verdict }],
  });
}

Deno.test("planPrepare() sets version and changelog in one pushed commit, and undo takes it back", () =>
  inProject(async (shared, repository) => {
    const { root, remote, git, atRemote, registry } = shared;
    const before = [await refsOf(root), await refsOf(remote)];
    await prepare(shared, repository);
    const branch = "release/v1.1-candidate";
    assertEquals((await git("rev-parse", branch)).trim(), (await atRemote("rev-parse", branch)).trim());
    assertEquals((await git("log", "-1", "--format=%s", branch)).trim(), "chore(release): prepare v1.1.0");
    assertEquals((await git("diff", "--name-only", "main", branch)).trim().split("\n"), [
      "CHANGELOG.md",
      "changes/flag.md",
      "deno.json",
    ]);
    assertEquals(await git("show", `${branch}:deno.json`), CONFIG.replace("1.0.3", "1.1.0"));
    assertStringIncludes(
      await git("show", `${branch}:CHANGELOG.md`),
      `# Changelog\n\n## [1.1.0] - ${DATE}\n\n### Added\n\n- A flag.\n\n## [1.0.3]`,
    );
    assertEquals(await git("ls-tree", "--name-only", branch, "changes/"), "changes/README.md\n");
    await undoOperation(repository, { registry });
    assertEquals([await refsOf(root), await refsOf(remote)], before);
  }));

Deno.test("renderScript() of planPrepare() leads to the same tree as a real run", () =>
  inProject(async (shared, repository) => {
    const { root, git, registry } = shared;
    const plan = await planPrepare(repository, "1.1.0", { survey: await survey(repository), date: DATE });
    await runOperation(repository, plan, { registry });
    const real = await git("rev-parse", "release/v1.1-candidate^{tree}");
    await undoOperation(repository, { registry });
    const { success, stderr } = await new Deno.Command("sh", { args: ["-c", renderScript(plan)], cwd: root }).output();
    assertEquals([success, new TextDecoder().decode(stderr)], [true, ""]);
    assertEquals(await git("rev-parse", "release/v1.1-candidate^{tree}"), real);
    assertEquals(await git("rev-parse", "origin/release/v1.1-candidate^{tree}"), real);
  }));

Deno.test("planStage() makes the stages in order, and refuses a stage that exists or that a later one follows", () =>
  inProject(async (shared, repository) => {
    const refuses = async (stage: TaggedStage, state: string) => {
      const before = [await refsOf(shared.root), await refsOf(shared.remote)];
      const error = await assertRejects(() => planned(repository, stage), KitError, state);
      assertEquals(error.code, "unsafe");
      assertEquals([await refsOf(shared.root), await refsOf(shared.remote)], before);
    };
    await refuses("alpha", "there is no branch release/v1.1-candidate");
    await prepare(shared, repository);
    await refuses("stable", "it has no candidate");
    const agree = "deno task release check v1.1.0";
    const gate = "deno task gate --phase 1";
    assertEquals(await release(shared, repository, "alpha"), [
      `${agree}-alpha`,
      `${gate} --quick --evidence /reports`,
    ]);
    await refuses("alpha", "v1.1.0-alpha exists");
    assertEquals(await release(shared, repository, "beta"), [
      `${agree}-beta`,
      `${gate} --quick --evidence /reports`,
    ]);
    await refuses("alpha", "exists");
    // The whole gate, once: the candidate and the release are the same program.
    assertEquals(await release(shared, repository, "candidate"), [`${agree}-rc.1`, `${gate} --evidence /reports`]);
    await refuses("beta", "exists");
    await release(shared, repository, "candidate");
    const tags = (await shared.atRemote("tag", "--list", "v1.1.0-[abr]*")).trim().split("\n");
    assertEquals(tags, ["v1.1.0-alpha", "v1.1.0-beta", "v1.1.0-rc.1", "v1.1.0-rc.2"]);
    for (const tag of tags) {
      assertEquals(readConfigVersion(await shared.git("show", `${tag}:deno.json`)), tag.slice(1));
      assertEquals((await shared.git("cat-file", "-t", tag)).trim(), "tag");
    }
  }));

Deno.test("planStage() of a stable release needs a passed production test, then merges and tags", () =>
  inProject(async (shared, repository) => {
    const { root, remote, git, atRemote, registry } = shared;
    await prepare(shared, repository);
    await release(shared, repository, "candidate");
    const sha = (await git("rev-parse", "v1.1.0-rc.1^{commit}")).trim();
    const missing = await assertRejects(
      () => planned(repository, "stable"),
      KitError,
      "no report of a production test",
    );
    assertEquals(missing.code, "inconclusive");
    const failed = productionReport("v1.1.0-rc.1", sha, "fail");
    await assertRejects(() => planned(repository, "stable", null, [failed]), KitError, "failed its production test");
    const passed = productionReport("v1.1.0-rc.1", sha, "pass");
    await assertRejects(() => planned(repository, "stable", null, [passed.replace('"pass"', '"pasS"')]), KitError);
    const before = [await refsOf(root), await refsOf(remote)];
    await release(shared, repository, "stable", [passed]);
    const [main, tagged] = (await atRemote("rev-parse", "main", "v1.1.0^{commit}")).trim().split("\n");
    assertEquals(main, tagged);
    assertEquals((await atRemote("rev-list", "--parents", "-n1", "main")).trim().split(" ").length, 3);
    await atRemote("merge-base", "--is-ancestor", "main", "develop");
    assertEquals((await git("rev-parse", "main")).trim(), main);
    const message = await git("tag", "--list", "--format=%(contents)", "v1.1.0");
    assertStringIncludes(message, "\nAdded:\n\n- A flag.\n");
    assertStringIncludes(message, `\n${passed}\n`);
    assertStringIncludes(
      message,
      "\nGate: deno task gate --phase 1 --quick --evidence reports passed\nProduction-Test: v1.1.0-rc.1 passed at ",
    );
    await undoOperation(repository, { registry });
    assertEquals([await refsOf(root), await refsOf(remote)], before);
  }));

/** Other names of everything that the shipped strategy names: branches, lines, phases, stages and tags. */
const OTHER = `version: 1
main: trunk
develop: next
lines:
  - { line: 3.0.x, title: First, gate: [make, check] }
  - { line: 3.1.x, title: Second, phase: 1 }
stages:
  - { stage: candidate, tag: "v{version}-preview.{number}", gate: [make, "judge-{phase}"] }
  - { stage: stable, tag: "v{version}", gate: [make, "judge-{phase}"] }
branches:
  - { kind: phase, name: "phase/{phase}", from: trunk, into: [trunk] }
  - { kind: release, name: "ship/{version}", from: trunk, into: [trunk, next] }
`;

Deno.test("planPrepare() and planStage() take branches, lines, stages, tags and gates from the strategy", () =>
  inProject(async (shared, repository) => {
    const { git, atRemote, registry } = shared;
    await git("push", "-q", "origin", "main:trunk", "main:next");
    const play = async (version: string, stage: TaggedStage) => {
      const commands: string[] = [];
      const plan = await planStage(repository, version, {
        stage,
        survey: await survey(repository, OTHER),
        date: DATE,
        override: null,
        reports: "/reports",
        production: [],
      });
      const runCheck = (step: CheckStep) => {
        commands.push(step.command.join(" "));
        return Promise.resolve(null);
      };
      await runOperation(repository, plan, { registry, runCheck });
      return commands;
    };
    const prepareOther = async (version: string) =>
      await planPrepare(repository, version, { survey: await survey(repository, OTHER), date: DATE });
    await assertRejects(() => prepareOther("1.1.0"), KitError, "there is no line 1.1");
    await assertRejects(() => prepareOther("3.1.0"), KitError, "no 3.0.x is released");
    await runOperation(repository, await prepareOther("3.0.0"), { registry });
    await assertRejects(() => play("3.0.0", "alpha"), KitError, "the branch strategy has no such stage");
    assertEquals(await play("3.0.0", "candidate"), ["deno task release check v3.0.0-preview.1", "make check"]);
    assertEquals(await atRemote("rev-parse", "ship/3.0.0"), await atRemote("rev-parse", "v3.0.0-preview.1^{commit}"));
    await git("tag", "-a", "-m", "v3.0.0", "v3.0.0");
    await git("push", "-q", "origin", "v3.0.0");
    await runOperation(repository, await prepareOther("3.1.0"), { registry });
    assertEquals((await play("3.1.0", "candidate")).at(-1), "make judge-1");
    assertEquals((await atRemote("rev-parse", "--abbrev-ref", "HEAD")).trim(), "main");
  }));

Deno.test("planStage() records an override in the tag, and then runs no gate", () =>
  inProject(async (shared, repository) => {
    await prepare(shared, repository);
    const plan = await planned(repository, "alpha", "the gate's machine\nis gone");
    const checks = plan.steps.flatMap((step) => step.type === "check" ? [step.id] : []);
    assertEquals(checks, ["check-versions"]);
    assertStringIncludes(plan.warnings!.join(), "The gate was not asked: ");
    await runOperation(repository, plan, { registry: shared.registry, runCheck: () => Promise.resolve(null) });
    const trailer = await shared.git(
      "tag",
      "--list",
      "--format=%(contents:trailers:key=Gate-Override)",
      "v1.1.0-alpha",
    );
    assertStringIncludes(trailer, "Gate-Override: the gate's machine is gone");
  }));

Deno.test("planStage() changes nothing if the gate fails", () =>
  inProject(async (shared, repository) => {
    await prepare(shared, repository);
    const before = [await refsOf(shared.root), await refsOf(shared.remote)];
    const plan = await planned(repository, "alpha");
    const runCheck = (step: CheckStep) =>
      Promise.resolve(step.id === "check-gate" ? new KitError("failed", "Cannot release: the gate") : null);
    await assertRejects(
      () => runOperation(repository, plan, { registry: shared.registry, runCheck }),
      KitError,
      "the gate",
    );
    assertEquals([await refsOf(shared.root), await refsOf(shared.remote)], before);
  }));

Deno.test("planPrepare() refuses versions of no line, out of order, too low, released, or unknown, and an unpushed main", () =>
  inProject(async (shared, repository) => {
    const at = async (text: string) => planPrepare(repository, text, { survey: await survey(repository), date: DATE });
    for (
      const [text, state, code] of [
        ["1.4.0", "there is no line 1.4", "usage"],
        ["1.3.0", "no 1.2.x is released", "unsafe"],
        ["1.0.2", "1.0.3 is released, which is higher", "usage"],
        ["1.0.3", "the tag v1.0.3 exists", "unsafe"],
        ["1.1.0-rc.1", "name the release that it leads to", "usage"],
        ["one", "it is not a version of this project", "usage"],
      ] as const
    ) {
      assertEquals((await assertRejects(() => at(text), KitError, state)).code, code, text);
    }
    await shared.git("switch", "-q", "main");
    await shared.write("b.txt", "b");
    await shared.commit("b");
    await assertRejects(() => at("1.1.0"), KitError, "it has commits that are not on origin");
    await shared.pushAsColleague("main", "c.txt");
    await assertRejects(() => at("1.1.0"), KitError, "here and on origin it has different commits");
  }));

Deno.test("setConfigVersion() changes the version alone, and refuses a file whose first version is another one", () => {
  const text = '{\r\n\t"version":"1.0.0",\n  "a": {"version": "7"} }';
  assertEquals(setConfigVersion(text, "1.1.0"), text.replace("1.0.0", "1.1.0"));
  assertEquals(setConfigVersion('{"name":"x","version":"1.0.0"}', "1.1.0"), '{"name":"x","version":"1.1.0"}');
  assertThrows(
    () => setConfigVersion('{\n"a": {\n"version": "7"},\n"version": "1"}', "2.0.0"),
    KitError,
    "comes before it",
  );
});
