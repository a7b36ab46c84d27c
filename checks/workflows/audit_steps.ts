import type { RuleFinding } from "./finding.ts";
import type { Workflow, WorkflowStep } from "./workflow.ts";

/** Programs that work on the repository's files, and the action that installs each in a known version. */
const PROGRAMS: Readonly<Record<string, string>> = {
  deno: "denoland/setup-deno",
  python: "actions/setup-python",
  python3: "actions/setup-python",
  pip: "actions/setup-python",
  pytest: "actions/setup-python",
  ruff: "actions/setup-python",
  mypy: "actions/setup-python",
  black: "actions/setup-python",
  node: "actions/setup-node",
  npm: "actions/setup-node",
  npx: "actions/setup-node",
};

/** The first program of the table that a script starts, at the beginning of a command. */
function programOf(step: WorkflowStep): string | undefined {
  const words = [...step.run.matchAll(/(?:^|[;&|(]|\$\()[ \t]*([\w-]+)(?=\s)/gm)].map(([, word]) => word!);
  return words.find((word) => Object.hasOwn(PROGRAMS, word));
}

/** Whether a script starts a file of the repository, such as `.github/scripts/judge.sh`. */
function startsOwnFile(step: WorkflowStep): boolean {
  return /(?:^|[;&|("]|\$\()[ \t]*\.github\//m.test(step.run);
}

const usesAction = (action: string) => ({ uses }: WorkflowStep) => uses.startsWith(`${action}@`);

/** `no-checkout`: the job runs code that is not there. What npm installs or publishes may be an artifact instead. */
export function findMissingCheckouts(workflow: Workflow): readonly RuleFinding[] {
  return workflow.jobs.flatMap((job) => {
    const needing = job.steps.findIndex((step, index) => {
      const program = programOf(step);
      if (program === undefined && !step.uses.startsWith("./") && !startsOwnFile(step)) return false;
      const sources = ["actions/checkout", ...program === "npm" ? ["actions/download-artifact"] : []];
      return !job.steps.slice(0, index).some((one) => sources.some((action) => usesAction(action)(one)));
    });
    if (needing < 0) return [];
    return [{
      line: workflow.lineOf(job.steps[needing]!.path.concat(job.steps[needing]!.run === "" ? "uses" : "run")),
      message: `Job "${job.id}" runs code of the repository without a checkout: its folder is empty`,
      hint: "Use actions/checkout before",
    }];
  });
}

/** `no-setup`: the job uses whatever version the runner happens to have, or none. */
export function findMissingSetups(workflow: Workflow): readonly RuleFinding[] {
  return workflow.jobs.flatMap((job) => {
    const missing = new Map<string, RuleFinding>();
    for (const [index, step] of job.steps.entries()) {
      const program = programOf(step);
      if (program === undefined) continue;
      const action = PROGRAMS[program]!;
      if (missing.has(action) || job.steps.slice(0, index).some(usesAction(action))) continue;
      missing.set(action, {
        line: workflow.lineOf([...step.path, "run"]),
        message: `Job "${job.id}" runs ${program} without installing it`,
        hint: `Use ${action} before, with a version`,
      });
    }
    return [...missing.values()];
  });
}

/** `silent-artifact`: a report that was not written would be missed only when it is needed. */
export function findSilentArtifacts(workflow: Workflow): readonly RuleFinding[] {
  const uploads = workflow.jobs.flatMap((job) => job.steps).filter(usesAction("actions/upload-artifact"));
  return uploads.filter((step) => step.with["if-no-files-found"] === undefined).map((step) => ({
    line: workflow.lineOf([...step.path, "uses"]),
    message: `The step "${step.title}" succeeds if there is no file`,
    hint: "Write if-no-files-found: error",
  }));
}
