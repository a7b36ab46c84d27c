import { findUnknownPins, findUnpinnedActions } from "./audit_actions.ts";
import type { AuditFacts, WorkflowRule } from "./audit_facts.ts";
import {
  findExcessPermissions,
  findKeptCredentials,
  findMissingPermissions,
  findPullRequestTarget,
} from "./audit_rights.ts";
import { findInjections, findToleratedFailures, findUnknownTasks } from "./audit_scripts.ts";
import { findMissingCheckouts, findMissingSetups, findSilentArtifacts } from "./audit_steps.ts";
import { findLongTimeouts, findMissingTimeouts } from "./audit_times.ts";
import { findDeadTags, findImpossibleEvents, findImpossibleRefs } from "./audit_triggers.ts";
import type { WorkflowFinding } from "./finding.ts";
import { parseWorkflow } from "./parse_workflow.ts";

/** Every rule by its name. */
export const WORKFLOW_RULES: Readonly<Record<string, WorkflowRule>> = {
  "unpinned-action": findUnpinnedActions,
  "unknown-pin": findUnknownPins,
  "script-injection": findInjections,
  "unknown-task": findUnknownTasks,
  "tolerated-failure": findToleratedFailures,
  "no-permissions": findMissingPermissions,
  "excess-permissions": findExcessPermissions,
  "pull-request-target": findPullRequestTarget,
  "kept-credentials": findKeptCredentials,
  "no-timeout": findMissingTimeouts,
  "long-timeout": findLongTimeouts,
  "impossible-event": findImpossibleEvents,
  "impossible-ref": findImpossibleRefs,
  "dead-tag": findDeadTags,
  "no-checkout": findMissingCheckouts,
  "no-setup": findMissingSetups,
  "silent-artifact": findSilentArtifacts,
};

/**
 * Apply every rule to a workflow file.
 *
 * @param text The text of the file
 * @param file Its path, for the findings
 * @param facts What the rules know of the repository
 * @returns The findings in the order of the lines; for a text that is not a workflow only those of `not-a-workflow`
 */
export function auditWorkflow(text: string, file: string, facts: AuditFacts): readonly WorkflowFinding[] {
  const workflow = parseWorkflow(text, file);
  if (!("jobs" in workflow)) return workflow.map((finding) => ({ ...finding, file, rule: "not-a-workflow" }));
  const found = Object.entries(WORKFLOW_RULES).flatMap(([rule, find]) =>
    find(workflow, facts).map((finding) => ({ ...finding, file, rule }))
  );
  return found.toSorted((a, b) => a.line - b.line);
}
