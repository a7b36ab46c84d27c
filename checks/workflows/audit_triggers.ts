import type { AuditFacts } from "./audit_facts.ts";
import { conditionsOf } from "./expressions.ts";
import type { RuleFinding } from "./finding.ts";
import { matchFilter } from "./match_filter.ts";
import type { Workflow } from "./workflow.ts";

/** Fields of `github.event`, and the events that have them. */
const PAYLOADS: Readonly<Record<string, RegExp>> = {
  "pull_request": /^pull_request/,
  inputs: /^workflow_(?:dispatch|call)$/,
  "workflow_run": /^workflow_run$/,
  release: /^release$/,
  issue: /^issue/,
  comment: /comment$/,
  schedule: /^schedule$/,
};

/** `impossible-event`: a condition asks for an event that never starts the workflow. */
export function findImpossibleEvents(workflow: Workflow): readonly RuleFinding[] {
  const events = Object.keys(workflow.triggers);
  const started = events.join(", ");
  return conditionsOf(workflow).flatMap(({ text, line }) => {
    const compared = [
      ...text.matchAll(/github\.event_name\s*[!=]=\s*'(\w+)'/g),
      ...text.matchAll(/'(\w+)'\s*[!=]=\s*github\.event_name/g),
    ].map(([, event]) => event!).filter((event) => !events.includes(event)).map((event) => ({
      line,
      message: `The condition asks for the event "${event}", but the workflow is started by: ${started}`,
      hint: `Add ${event}: to on:, or remove the condition`,
    }));
    const read = [...text.matchAll(/github\.event\.(\w+)/g)].map(([, field]) => field!).filter((field) =>
      PAYLOADS[field] !== undefined && !events.some((event) => PAYLOADS[field]!.test(event))
    ).map((field) => ({
      line,
      message: `The condition reads github.event.${field}, which none of these events has: ${started}`,
      hint: "Add the event to on:, or remove the condition",
    }));
    return [...compared, ...read];
  });
}

/** `impossible-ref`: a condition asks for a branch or tag that never starts the workflow. */
export function findImpossibleRefs(workflow: Workflow, { tags }: AuditFacts): readonly RuleFinding[] {
  const { push, workflow_run: _, ...others } = workflow.triggers;
  // Other events have the branch that somebody names, or the default branch.
  if (push === undefined || "workflow_dispatch" in others) return [];
  const isUnfiltered = push.branches === undefined && push.tags === undefined;
  if (isUnfiltered) return [];
  const starting = tags.filter((tag) => matchFilter(listOf(push.tags), tag)).map((tag) => `refs/tags/${tag}`);
  const branches = listOf(push.branches).map((pattern) => `refs/heads/${pattern}`);
  return conditionsOf(workflow).flatMap(({ text, line }) =>
    [...text.matchAll(/startsWith\(\s*github\.ref\s*,\s*'([^']*)'\s*\)|github\.ref\s*==\s*'([^']*)'/g)].flatMap(
      ([whole, prefix, exact]) => {
        const asked = prefix ?? exact!;
        const fits = (ref: string) => prefix === undefined ? ref === asked : ref.startsWith(asked);
        // A pattern such as performance/* fits what begins with performance/.
        const mayFit = (pattern: string) => {
          const start = pattern.replace(/[*?+[].*$/, "");
          return start.startsWith(asked) || (start !== pattern && asked.startsWith(start));
        };
        if (asked.startsWith("refs/pull/") || starting.some(fits) || branches.some(mayFit)) return [];
        const message = `No push that starts the workflow fulfils ${whole}`;
        return [{ line, message, hint: "Compare it with branches: and tags: of on.push" }];
      },
    )
  );
}

/** `dead-tag`: no tag that the branch strategy makes starts the workflow. */
export function findDeadTags(workflow: Workflow, { tags }: AuditFacts): readonly RuleFinding[] {
  const patterns = listOf(workflow.triggers.push?.tags);
  return patterns.flatMap((pattern, index) => {
    if (pattern.startsWith("!") || tags.some((tag) => matchFilter([pattern], tag))) return [];
    return [{
      line: workflow.lineOf(["on", "push", "tags", index], pattern),
      message: `No tag of config/branches.yml matches "${pattern}"`,
      hint: `The strategy makes tags such as ${tags.slice(0, 5).join(", ")}`,
    }];
  });
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : value === undefined ? [] : [String(value)];
}
