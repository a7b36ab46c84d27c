import type { Workflow } from "./workflow.ts";

/** An expression between `${{` and `}}` in a text. */
const EXPRESSION = /\$\{\{(.*?)\}\}/gs;

/**
 * List the expressions in a text, without the braces.
 *
 * @param text Such as a script
 * @returns Each expression, trimmed
 */
export function expressionsIn(text: string): readonly string[] {
  return [...text.matchAll(EXPRESSION)].map(([, body]) => body!.trim());
}

/** A condition of a job or a step, with its place. */
export interface PlacedCondition {
  readonly text: string;
  readonly line: number;
}

/** List the conditions of all jobs and steps; `if` may be written with or without `${{ }}`. */
export function conditionsOf(workflow: Workflow): readonly PlacedCondition[] {
  return workflow.jobs.flatMap((job) => [job, ...job.steps]).filter(({ condition }) => condition !== "").map((one) => ({
    text: bareCondition(one.condition),
    line: workflow.lineOf([...one.path, "if"]),
  }));
}

/** Return a condition without `${{ }}` around it. */
export function bareCondition(condition: string): string {
  return /^\s*\$\{\{(.*)\}\}\s*$/s.exec(condition)?.[1]?.trim() ?? condition.trim();
}
