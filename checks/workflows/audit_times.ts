import type { RuleFinding } from "./finding.ts";
import type { Workflow, WorkflowJob } from "./workflow.ts";

/** GitHub ends a job on its own runners after six hours. */
const HOSTED_MINUTES = 360;
/** GitHub ends a job on any other runner after five days. */
const OWN_MINUTES = 7200;

/** `no-timeout`: a job that hangs would block a runner for six hours. */
export function findMissingTimeouts(workflow: Workflow): readonly RuleFinding[] {
  // The jobs of a reusable workflow have their own.
  return workflow.jobs.filter(({ fields, uses }) => fields["timeout-minutes"] === undefined && uses === "").map((
    job,
  ) => ({
    line: workflow.lineOf(job.path),
    message: `Job "${job.id}" has no timeout-minutes: if it hangs, it does so for six hours`,
    hint: "Write two or three times what it takes",
  }));
}

/** `long-timeout`: GitHub ends the job earlier, without its reports. */
export function findLongTimeouts(workflow: Workflow): readonly RuleFinding[] {
  return workflow.jobs.flatMap((job) => {
    const minutes = Number(job.fields["timeout-minutes"]);
    const limit = limitOf(job);
    if (!(minutes > limit)) return [];
    return [{
      line: workflow.lineOf([...job.path, "timeout-minutes"]),
      message: `Job "${job.id}" may take ${minutes} minutes, but GitHub ends it after ${limit}`,
      hint: "Divide the work into jobs that continue each other, or use a runner of your own",
    }];
  });
}

function limitOf({ runners }: WorkflowJob): number {
  return runners.includes("self-hosted") ? OWN_MINUTES : HOSTED_MINUTES;
}
