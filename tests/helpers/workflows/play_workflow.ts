import { evaluateExpression } from "./evaluate_expression.ts";
import { bareCondition } from "../../../checks/workflows/expressions.ts";
import { matchFilter } from "../../../checks/workflows/match_filter.ts";
import type { Workflow, WorkflowJob } from "../../../checks/workflows/workflow.ts";

/** What happened in the repository. */
export interface WorkflowEvent {
  /** Such as `push` or `schedule`. */
  readonly name: string;
  /** The full ref, such as `refs/tags/v1.1.0`. */
  readonly ref: string;
  /** The value of `github.event`. */
  readonly payload?: unknown;
  /** The value of `inputs`. */
  readonly inputs?: unknown;
  /** The value of `vars`, the variables of the repository. */
  readonly vars?: unknown;
}

/** How a job ended. */
export type JobResult = "success" | "failure" | "cancelled" | "skipped";

/**
 * Play what GitHub does with an event: whether the workflow starts, and which jobs run.
 *
 * @param workflow The workflow
 * @param event What happened
 * @param resultOf How a job ends that runs; all succeed if absent
 * @returns The result of each job; `null` if the event does not start the workflow
 */
export function playWorkflow(
  workflow: Workflow,
  event: WorkflowEvent,
  resultOf: (job: WorkflowJob) => JobResult = () => "success",
): ReadonlyMap<string, JobResult> | null {
  if (!isStartedBy(workflow, event)) return null;
  const results = new Map<string, JobResult>();
  const open = [...workflow.jobs];
  while (open.length > 0) {
    const index = open.findIndex((job) => job.needs.every((id) => results.has(id)));
    if (index < 0) throw new TypeError(`Jobs need each other, or one that does not exist: ${open.map(({ id }) => id)}`);
    const [job] = open.splice(index, 1);
    results.set(job!.id, isRun(workflow, job!, { event, results }) ? resultOf(job!) : "skipped");
  }
  return results;
}

function isStartedBy({ triggers }: Workflow, { name, ref }: WorkflowEvent): boolean {
  const filter = triggers[name];
  if (filter === undefined) return false;
  if (name !== "push") return true;
  const { tags, branches } = filter;
  const isTag = ref.startsWith("refs/tags/");
  const own = isTag ? tags : branches;
  // A filter for branches alone excludes all tags, and the other way round.
  if (own === undefined) return tags === undefined && branches === undefined;
  return matchFilter((own as readonly unknown[]).map(String), ref.replace(/^refs\/(?:tags|heads)\//, ""));
}

interface Played {
  readonly event: WorkflowEvent;
  readonly results: ReadonlyMap<string, JobResult>;
}

function isRun(workflow: Workflow, job: WorkflowJob, { event, results }: Played): boolean {
  const before = [...ancestorsOf(workflow, job)].map((id) => results.get(id)!);
  const status = {
    success: before.every((result) => result === "success"),
    failure: before.includes("failure"),
    cancelled: before.includes("cancelled"),
  };
  const condition = bareCondition(job.condition) || "success()";
  const asks = /\b(?:success|failure|cancelled|always)\s*\(/.test(condition);
  if (!asks && !status.success) return false;
  const { name, ref, payload = {}, inputs = {}, vars = {} } = event;
  const github = {
    "event_name": name,
    ref,
    "ref_name": ref.replace(/^refs\/(?:tags|heads)\//, ""),
    "ref_type": ref.startsWith("refs/tags/") ? "tag" : "branch",
    event: payload,
  };
  const needs = Object.fromEntries(job.needs.map((id) => [id, { result: results.get(id)!, outputs: {} }]));
  return evaluateExpression(condition, { github, needs, inputs, vars }, status);
}

/** The jobs that a job needs, and those that they need. */
function ancestorsOf(workflow: Workflow, job: WorkflowJob): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...job.needs];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...workflow.jobs.find((one) => one.id === id)?.needs ?? []);
  }
  return found;
}
