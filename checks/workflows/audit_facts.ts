import type { RuleFinding } from "./finding.ts";
import type { Workflow } from "./workflow.ts";

/** What the rules know of the repository. */
export interface AuditFacts {
  /** Commits of the actions that may be used: by action, then by version. */
  readonly pins: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Names of the tasks in deno.json. */
  readonly tasks: readonly string[];
  /** One tag of each form that the branch strategy makes. */
  readonly tags: readonly string[];
}

/** A rule: finds its faults in one workflow. */
export type WorkflowRule = (workflow: Workflow, facts: AuditFacts) => readonly RuleFinding[];
