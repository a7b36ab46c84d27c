import { assert, assertEquals } from "@std/assert";
import { expandText } from "../../helpers/workflows/evaluate_expression.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { type JobResult, playWorkflow, type WorkflowEvent } from "../../helpers/workflows/play_workflow.ts";
import { readWorkflow } from "../../helpers/workflows/read_workflow.ts";

const ci = await readWorkflow("ci.yml");
const LAST = ci.jobs.find(({ id }) => id === "all-checks")!;
const OTHERS = ci.jobs.filter((job) => job !== LAST);

/** Events that start the workflow, and the jobs that each leaves out. */
const EVENTS: Readonly<Record<string, readonly [event: WorkflowEvent, leftOut: readonly string[]]>> = {
  "a pull request": [
    { name: "pull_request", ref: "refs/pull/1/merge", payload: { pull_request: { title: "fix: it" } } },
    ["environments", "environments-report", "performance-tests", "stability-tests", "acceptance-tests"],
  ],
  "a pull request for the long tests": [
    { name: "pull_request", ref: "refs/pull/1/merge", payload: { pull_request: { title: "[stability-test] it" } } },
    ["environments", "environments-report", "performance-tests"],
  ],
  "a push to main": [
    { name: "push", ref: "refs/heads/main" },
    ["environments", "environments-report", "performance-tests", "stability-tests", "acceptance-tests"],
  ],
  ...Object.fromEntries(["feature/a", "hotfix/b"].map((branch) => [`a push to ${branch}`, [
    { name: "push", ref: `refs/heads/${branch}` },
    [
      ...["unit-tests", "integration-tests", "systems", "packages", "container", "performance-tests"],
      ...["environments", "environments-report", "stability-tests", "acceptance-tests"],
    ],
  ]])),
  "a push to the branch of a phase": [
    { name: "push", ref: "refs/heads/performance/phase2" },
    ["environments", "environments-report", "stability-tests", "acceptance-tests"],
  ],
  "the night": [
    { name: "schedule", ref: "refs/heads/main" },
    [
      ...["quick-checks", "unit-tests", "integration-tests", "systems"],
      ...["packages", "container", "performance-tests"],
    ],
  ],
};

/** Run the script of the last job for the results of the others. */
async function judge({ name, ref, payload }: WorkflowEvent, results: ReadonlyMap<string, JobResult>): Promise<number> {
  const [step] = LAST.steps;
  const needs = Object.fromEntries(LAST.needs.map((id) => [id, { result: results.get(id)!, outputs: {} }]));
  const contexts = { github: { "event_name": name, ref, event: payload ?? {} }, needs };
  const variables = Object.entries(step!.env).map(([key, value]) => [key, expandText(String(value), contexts)]);
  let code = -1;
  await inTempDir(async (cwd) => {
    const args = ["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step!.run];
    ({ code } = await new Deno.Command("bash", { args, cwd, env: Object.fromEntries(variables) }).output());
  });
  return code;
}

Deno.test("ci.yml: the last job needs every other one, and runs whatever happened", () => {
  assertEquals(LAST.needs, OTHERS.map(({ id }) => id));
  assertEquals(LAST.condition, "always()");
});

for (const [what, [event, leftOut]] of Object.entries(EVENTS)) {
  Deno.test(`ci.yml: ${what} runs what it should, and is green only if all of it succeeded`, async () => {
    const all = playWorkflow(ci, event)!;
    assertEquals(
      [...all].filter(([, result]) => result === "skipped").map(([id]) => id).toSorted(),
      leftOut.toSorted(),
    );
    assertEquals(await judge(event, all), 0);
    for (const { id } of OTHERS.filter((job) => !leftOut.includes(job.id))) {
      // As by `if: false`, which GitHub takes for a success.
      for (const result of ["failure", "cancelled", "skipped"] as const) {
        const results = playWorkflow(ci, event, (job) => job.id === id ? result : "success")!;
        assertEquals(results.get(LAST.id), "success");
        assertEquals(await judge(event, results), 1, `${id}: ${result}`);
      }
    }
  });
}

Deno.test("ci.yml: a branch with a pull request is tested once, and its pushes do not count as that", () => {
  for (const branch of ["release/v1.1-candidate", "fix-typo"]) {
    assertEquals(playWorkflow(ci, { name: "push", ref: `refs/heads/${branch}` }), null, branch);
  }
  const nameAfter = (event_name: string, ref: string) =>
    expandText(String(LAST.fields.name), { github: { event_name, ref } });
  for (const ref of ["refs/heads/feature/a", "refs/heads/hotfix/b"]) {
    assertEquals(nameAfter("push", ref), "quick checks of a push");
  }
  for (const ref of ["refs/pull/1/merge", "refs/heads/main", "refs/heads/performance/phase1"]) {
    assertEquals(nameAfter("pull_request", ref), "all-checks");
  }
});

Deno.test("ci.yml: one event runs all tests once on each system", () => {
  const jobs = OTHERS.filter(({ id }) => playWorkflow(ci, EVENTS["a pull request"]![0])!.get(id) === "success");
  const whole = jobs.filter(({ steps }) =>
    steps.some(({ run }) => /^deno task (?:test|environments test|ok(?! --skip-tests)[^\n]*)$/m.test(run))
  );
  assertEquals(whole.map(({ id }) => id), ["integration-tests", "systems"]);
  assert(JSON.stringify(whole[1]!.fields.strategy).includes('"runner":["macos-latest","windows-latest"]'));
});
