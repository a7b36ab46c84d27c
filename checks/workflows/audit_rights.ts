import type { RuleFinding } from "./finding.ts";
import type { Fields, Workflow } from "./workflow.ts";

/** `no-permissions`: without it, a job has whatever the repository's settings say, which may be everything. */
export function findMissingPermissions(workflow: Workflow): readonly RuleFinding[] {
  return workflow.jobs.filter(({ fields }) => fields.permissions === undefined).map((job) => ({
    line: workflow.lineOf(job.path),
    message: `Job "${job.id}" does not say which permissions its token has`,
    hint: "Write permissions: {contents: read}, or permissions: {}",
  }));
}

/** Rights of which one must not have too many, and the jobs that may have them: by the beginning of their id. */
const GUARDED: Readonly<Record<string, string>> = {
  "id-token": "publish",
  "attestations": "publish",
  "packages": "publish-image",
  "pages": "publish-site",
  "contents": "publish-release",
};

/** `excess-permissions`: a right to write where nothing needs it, or where a stranger's code runs. */
export function findExcessPermissions(workflow: Workflow): readonly RuleFinding[] {
  const places = [{ id: null, path: [], fields: workflow.fields }, ...workflow.jobs];
  const isOpen = "pull_request" in workflow.triggers;
  return places.flatMap(({ id, path, fields }) => {
    const { permissions } = fields;
    if (typeof permissions === "string") {
      if (permissions !== "write-all") return [];
      const hint = "Name the few rights that the jobs need";
      return [{ line: workflow.lineOf([...path, "permissions"]), message: "write-all gives every right", hint }];
    }
    return Object.entries((permissions ?? {}) as Fields).filter(([, right]) => right === "write").flatMap(([name]) => {
      const line = workflow.lineOf([...path, "permissions", name]);
      if (id === null) {
        return [{ line, message: `${name}: write is given to all jobs`, hint: "Give it to the job that needs it" }];
      }
      const owner = GUARDED[name];
      if (owner !== undefined && !id.startsWith(owner)) {
        return [{ line, message: `Job "${id}" has ${name}: write`, hint: `Only jobs named ${owner}… may have it` }];
      }
      const message = `Job "${id}" has ${name}: write, in a workflow that also runs for pull requests`;
      return isOpen ? [{ line, message, hint: "Move it to a workflow that runs only trusted code" }] : [];
    });
  });
}

/** `pull-request-target`: it runs with secrets, and usually on the code of a stranger. */
export function findPullRequestTarget(workflow: Workflow): readonly RuleFinding[] {
  if (!("pull_request_target" in workflow.triggers)) return [];
  return [{
    line: workflow.lineOf(["on", "pull_request_target"]),
    message: "pull_request_target runs with the repository's secrets on the request of a stranger",
    hint: "Use pull_request, and a second workflow with workflow_run for what needs rights",
  }];
}

/** `kept-credentials`: the token stays in .git/config, where every later step can read it. */
export function findKeptCredentials(workflow: Workflow): readonly RuleFinding[] {
  const checkouts = workflow.jobs.flatMap((job) => job.steps).filter(({ uses }) =>
    uses.startsWith("actions/checkout@")
  );
  return checkouts.filter((step) => step.with["persist-credentials"] !== false).map((step) => ({
    line: workflow.lineOf([...step.path, "uses"]),
    message: "The checkout leaves the token in .git/config, where every later step can read it",
    hint: "Write with: {persist-credentials: false}",
  }));
}
