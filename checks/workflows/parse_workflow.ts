import { readYaml, type YamlPath } from "../../lib/config/mod.ts";
import type { RuleFinding } from "./finding.ts";
import type { Fields, Workflow, WorkflowJob, WorkflowStep } from "./workflow.ts";

/**
 * Parse a workflow file.
 *
 * @param text The text of the file
 * @param file Its path, for messages
 * @returns The workflow, or what is wrong with the text
 */
export function parseWorkflow(text: string, file: string): Workflow | readonly RuleFinding[] {
  const { value, mistakes, placeOf, placeOfKey } = readYaml(text, { begin: "name: Continuous integration" });
  if (mistakes.length > 0) {
    return mistakes.map(({ line, message, hint = "" }) => ({ line, message, hint }));
  }
  const fields = asFields(value);
  if (fields === null) return [shapeFinding("it is not a mapping")];
  const triggers = readTriggers(fields.on);
  if (triggers === null) return [shapeFinding('it has no "on", so nothing starts it')];
  const jobs = asFields(fields.jobs);
  if (jobs === null || Object.keys(jobs).length === 0) return [shapeFinding("it has no jobs")];
  return {
    file,
    text,
    fields,
    triggers,
    jobs: Object.entries(jobs).map(([id, job]) => readJob(id, asFields(job) ?? {})),
    lineOf: (path, within) => within === undefined ? placeOfKey(path).line : placeOf(path, within).line,
  };
}

function shapeFinding(message: string): RuleFinding {
  return { line: 1, message: `This is not a workflow: ${message}`, hint: "Write on: and jobs:" };
}

function asFields(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value as Fields : null;
}

function asText(value: unknown): string {
  return value === undefined || value === null ? "" : String(value);
}

/** `on` is an event, a list of events, or events with filters. */
function readTriggers(on: unknown): Readonly<Record<string, Fields>> | null {
  if (typeof on === "string") return { [on]: {} };
  if (Array.isArray(on)) return Object.fromEntries(on.map((event) => [String(event), {}]));
  const events = asFields(on);
  if (events === null) return null;
  return Object.fromEntries(
    Object.entries(events).map((
      [event, filter],
    ) => [event, Array.isArray(filter) ? { all: filter } : asFields(filter) ?? {}]),
  );
}

function readJob(id: string, fields: Fields): WorkflowJob {
  const path: YamlPath = ["jobs", id];
  const { needs } = fields;
  const steps = Array.isArray(fields.steps) ? fields.steps : [];
  return {
    id,
    path,
    needs: Array.isArray(needs) ? needs.map(String) : needs === undefined ? [] : [String(needs)],
    condition: asText(fields.if),
    runners: runnersOf(fields),
    uses: asText(fields.uses),
    steps: steps.map((step, index) => readStep([...path, "steps", index], asFields(step) ?? {})),
    fields,
  };
}

function readStep(path: YamlPath, fields: Fields): WorkflowStep {
  const uses = asText(fields.uses);
  const run = asText(fields.run);
  return {
    path,
    title: asText(fields.name) || uses || run.split("\n")[0]!,
    uses,
    run,
    condition: asText(fields.if),
    with: asFields(fields.with) ?? {},
    env: asFields(fields.env) ?? {},
    fields,
  };
}

/** The labels of the runner; `${{ matrix.X }}` stands for all values of X. */
function runnersOf(fields: Fields): readonly string[] {
  const runsOn = asFields(fields["runs-on"])?.labels ?? fields["runs-on"];
  const labels = (Array.isArray(runsOn) ? runsOn : [runsOn]).map(asText).filter((label) => label !== "");
  const matrix = asFields(asFields(fields.strategy)?.matrix) ?? {};
  return labels.flatMap((label) => {
    const name = /^\$\{\{\s*matrix\.([\w-]+)\s*\}\}$/.exec(label)?.[1];
    if (name === undefined) return [label];
    const include = Array.isArray(matrix.include) ? matrix.include.map((one) => asFields(one)?.[name]) : [];
    const values = Array.isArray(matrix[name]) ? matrix[name] : [];
    const all = [...values, ...include].filter((one) => one !== undefined).map(asText);
    return all.length === 0 ? [label] : all;
  });
}
