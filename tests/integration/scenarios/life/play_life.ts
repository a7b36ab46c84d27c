import { assertEquals } from "@std/assert";
import type { Life } from "./life.ts";
import {
  contains,
  finishModel,
  merge,
  prepareModel,
  releaseBranchOf,
  revertModel,
  revertSubject,
  stageModel,
  startModel,
} from "./strategy_model.ts";

const PHASES = [[1, "1.1.0"], [2, "1.2.0"], [3, "1.3.0"], [4, "2.0.0"]] as const;

/** How far a life is played: to v1.1.1, which has every kind of operation on branches, or to its end. */
export type LifeLength = "short" | "whole";

/** Play the branch strategy from v1.0.3 to v2.0.1: every phase, stage and kind of branch, and a way back. */
export async function playLife(life: Life, length: LifeLength = "whole"): Promise<void> {
  await life.shows("branch status", "civitai-dl branch create-phase 1");
  await life.refuses("branch create-phase 2", 4, "phase 1 is not finished");
  await life.does(
    "branch start experimental/async-research",
    (state) => startModel(state, ["experimental/async-research"], { from: "develop" }),
  );
  await life.refuses("branch finish experimental/async-research", 2, "never merged");
  await life.does(
    "branch start benchmark/comparison",
    (state) => startModel(state, ["benchmark/comparison"], { from: "main" }),
  );
  for (const [phase, version] of PHASES) {
    await playPhase(life, phase, version);
    await playRelease(life, version);
    if (phase === 1) await playFix(life);
    if (length === "short") return;
  }
  await playRollback(life);
}

/** Begin a phase, work on it, and bring it into develop and main through its gate. */
async function playPhase(life: Life, phase: number, version: string): Promise<void> {
  const name = `performance/phase${phase}`;
  const finish = `branch finish-phase ${phase}`;
  await life.does(
    `branch create-phase ${phase}`,
    (state) => startModel(state, [name, `benchmark/phase${phase}-test`], { from: "main" }),
  );
  await life.works(name, { [`work/phase${phase}.json`]: `{ "phase": ${phase} }\n` }, `feat(phase${phase}): begin`);
  await life.works(name, changeOf(`phase${phase}`, `What phase ${phase} brings.`), `docs(phase${phase}): change`);
  const isJudged = life.project.gate === "real";
  if (phase === 1 && isJudged) await life.refuses(finish, 3, "evidence is missing");
  await life.project.writeSoak(name);
  if (isDevelopAhead(life)) {
    // What was measured is not what would be merged: develop has a feature besides.
    if (isJudged) await life.refuses(finish, 3, "evidence is missing");
    await mergeByHand(life, "develop", name);
    await life.project.writeSoak(name);
  }
  const change = (state: typeof life.model) =>
    finishModel(state, name, { into: ["develop", "main"], tag: `v${version}-phase${phase}` });
  if (phase === 1) {
    const before = life.model;
    await life.shows(`${finish} --dry-run`, `git tag --annotate --message 'Phase 1 is finished' v${version}-phase1`);
    await life.does(finish, change);
    await life.undoes(before);
  }
  await life.does(finish, change);
  await life.refuses(finish, 4, "exists");
  if (phase === 1) await life.shows("branch status", `release prepare ${version}`);
}

/** Whether develop has files that main lacks. */
function isDevelopAhead({ model: { there } }: Life): boolean {
  const files = Object.keys(there.develop?.files ?? {});
  return files.some((path) => !(path in there.main!.files));
}

/** Merge a branch of the remote into one's own, as a person does, and resolve conflicts in favor of the own one. */
async function mergeByHand(life: Life, from: string, into: string): Promise<void> {
  const subject = `Merge ${from} by hand`;
  await life.switchesTo(into);
  await life.project.git("merge", "-q", "--no-ff", "-X", "ours", "-m", subject, `origin/${from}`);
  life.moves(into, (state) => merge(state.here[into]!, state.there[from]!, subject));
}

/** Take a version from its first commit to its tag. */
async function playRelease(life: Life, version: string): Promise<void> {
  const name = releaseBranchOf(version);
  if (version === "1.3.0") {
    await life.does("branch start-release 1.3", (state) => startModel(state, [name], { from: "main" }));
  }
  await life.refuses(`release stable ${version}`, 4, "no candidate");
  await life.does(`release prepare ${version}`, (state) => prepareModel(state, version));
  await showNotes(life, version);
  await life.project.writeSoak(name);
  // The first version and the last one of the list pass every stage.
  const isFull = version === "1.1.0" || version === "2.0.0";
  for (const stage of isFull ? ["alpha", "beta"] : []) {
    await life.does(`release ${stage} ${version}`, (state) => stageModel(state, version, `v${version}-${stage}`));
  }
  if (version === "1.1.0") {
    await life.refuses(`release alpha ${version}`, 4, "exists");
    await life.refuses(`release check v${version}-alpha`, 1, "deno.json says 1.0.3");
  }
  await life.does(`release candidate ${version}`, (state) => stageModel(state, version, `v${version}-rc.1`));
  if (version === "1.2.0") await playFixBeforeStable(life, version);
  const candidate = `v${version}-rc.${version === "1.2.0" ? 2 : 1}`;
  await life.refuses(`release stable ${version}`, 3, `production-test --version ${candidate}`);
  await life.project.writeProductionTest(candidate);
  await life.does(`release stable ${version}`, (state) => stageModel(state, version, `v${version}`));
  if (version === "1.1.0") await life.shows("release status", `v${version}`);
}

async function showNotes(life: Life, version: string): Promise<void> {
  await life.switchesTo(releaseBranchOf(version));
  await life.shows(`release notes ${version}`, "\n- What phase ");
  await life.switchesTo("main");
}

/** A hotfix while a candidate is tested: the stable release has to wait until the candidate has it too. */
async function playFixBeforeStable(life: Life, version: string): Promise<void> {
  const name = releaseBranchOf(version);
  await playHotfix(life, "login", "A login that expired no longer stops a run.");
  await life.refuses(`release stable ${version}`, 4, "main has commits that it lacks");
  await mergeByHand(life, "main", name);
  await life.pushes(name);
  await life.switchesTo("main");
  await life.refuses(`release candidate ${version}`, 4, "changes/login.md would not be in the notes");
  await life.does(`release prepare ${version}`, (state) => prepareModel(state, version));
  await life.project.writeSoak(name);
  await life.does(`release candidate ${version}`, (state) => stageModel(state, version, `v${version}-rc.2`));
}

/** A feature in develop, then an urgent fix that conflicts with it there, and its release. */
async function playFix(life: Life): Promise<void> {
  await life.does(
    "branch start feature/monitoring",
    (state) => startModel(state, ["feature/monitoring"], { from: "develop" }),
  );
  await life.works("feature/monitoring", {
    "work/monitoring.json": "{}\n",
    ...changeOf("monitoring", "Monitoring."),
    "PEOPLE": "Whoever monitors\n",
  }, "feat: monitoring");
  await life.does(
    "branch finish feature/monitoring",
    (state) => finishModel(state, "feature/monitoring", { into: ["develop"] }),
  );
  await playHotfix(life, "security", "A hole is closed.");
  const version = "1.1.1";
  await life.does(`release prepare ${version}`, (state) => prepareModel(state, version));
  await life.project.writeSoak(releaseBranchOf(version));
  await life.does(`release candidate ${version}`, (state) => stageModel(state, version, `v${version}-rc.1`));
  await life.project.writeProductionTest(`v${version}-rc.1`);
  await life.does(`release stable ${version}`, (state) => stageModel(state, version, `v${version}`));
}

async function playHotfix(life: Life, word: string, entry: string): Promise<void> {
  const name = `hotfix/${word}`;
  await life.switchesTo("main");
  await life.does(
    `branch start-hotfix ${word} --switch`,
    (state) => startModel(state, [name], { from: "main", switches: true }),
  );
  await life.works(name, {
    [`work/${word}.json`]: "{}\n",
    ...changeOf(word, entry),
    "PEOPLE": `Whoever mends ${word}\n`,
  }, `fix: ${word}`);
  await life.does("branch finish-hotfix", (state) => finishModel(state, name, { into: ["main", "develop"] }));
}

/** The last version is bad: back by each kind of rollback, then forward again with a higher patch. */
async function playRollback(life: Life): Promise<void> {
  await life.switchesTo("performance/phase4");
  const installed = await life.call("install add v2.0.0 --switch");
  assertEquals(installed.code, 0, installed.err);
  await life.shows("rollback --list", "v1.3.0");
  for (const mode of ["install", "worktree"]) {
    await life.shows(`rollback --mode ${mode} --dry-run`, "From 2.0.0 to v1.3.0");
    const back = await life.call(`rollback --mode ${mode} --json`);
    assertEquals([back.code, JSON.parse(back.out).tag], [0, "v1.3.0"], back.err);
    await life.shows("rollback status", "v1.3.0");
    assertEquals((await life.call("rollback undo")).code, 0);
    await life.expects(life.model, `after rollback --mode ${mode} and undo`);
  }
  await life.isKilled("rollback v1.3.0 --mode worktree", "self-test");
  await life.shows("rollback status", "was interrupted");
  assertEquals((await life.call("rollback continue")).code, 0);
  assertEquals((await life.call("rollback undo")).code, 0);
  await playBack(life);
  await playForward(life);
}

/** Bring main itself back, by a hotfix with a revert of each of its commits since the good version. */
async function playBack(life: Life): Promise<void> {
  const { git } = life.project;
  const name = "hotfix/back";
  await life.switchesTo("main");
  await life.does(
    "branch start-hotfix back --switch",
    (state) => startModel(state, [name], { from: "main", switches: true }),
  );
  const line = (await git("rev-list", "--first-parent", "v1.3.0..main")).trim().split("\n");
  for (const sha of line) await git("revert", "--no-edit", "-m", "1", sha);
  life.moves(name, (state) => revertModel(state, "v1.3.0"));
  await life.does("branch finish-hotfix", (state) => finishModel(state, name, { into: ["main", "develop"] }));
  assertEquals(life.model.there.main!.files, life.model.there["tag:v1.3.0"]!.files);
}

/** Take the reverts back by a hotfix that also has the cure, and release it. */
async function playForward(life: Life): Promise<void> {
  const { git } = life.project;
  const name = "hotfix/forward";
  await life.switchesTo("main");
  await life.does(
    "branch start-hotfix forward --switch",
    (state) => startModel(state, [name], { from: "main", switches: true }),
  );
  await git("revert", "--no-edit", "-m", "1", "HEAD");
  life.moves(name, (state) => {
    const rolledBack = state.there.main!;
    const files = rolledBack.parents[0]!.files;
    return { subject: revertSubject(rolledBack.subject), parents: [state.here[name]!], files };
  });
  await life.works(name, {
    "work/cure.json": "{}\n",
    ...changeOf("cure", "What was wrong with 2.0.0 is mended."),
  }, "fix: cure of 2.0.0");
  await life.does("branch finish-hotfix", (state) => finishModel(state, name, { into: ["main", "develop"] }));
  const version = "2.0.1";
  await life.does(`release prepare ${version}`, (state) => prepareModel(state, version));
  await life.project.writeSoak(releaseBranchOf(version));
  await life.does(`release candidate ${version}`, (state) => stageModel(state, version, `v${version}-rc.1`));
  await life.project.writeProductionTest(`v${version}-rc.1`);
  await life.does(`release stable ${version}`, (state) => stageModel(state, version, `v${version}`));
  const { main, develop } = life.model.there;
  assertEquals([main!.files["deno.json"], contains(develop!, main!)], [version, true]);
  assertEquals(Object.keys(main!.files).filter((path) => /phase4|cure/.test(path)).toSorted(), [
    "work/cure.json",
    "work/phase4.json",
  ]);
}

/** The file that tells users of a change. */
function changeOf(name: string, text: string): Readonly<Record<string, string>> {
  return { [`changes/${name}.md`]: `---\nkind: added\n---\n\n${text}\n` };
}
