import * as z from "zod";
import { closest, KitError } from "../../base/mod.ts";
import { checkShape, Mistakes, readYaml } from "../../config/mod.ts";
import type { Strategy } from "../strategy/strategy.ts";

const branches = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
/** `pull_request:` without a value means every pull request. */
const pullRequest = z.object({ branches: branches.optional() }).nullable();

const workflowSchema = z.object({
  on: z.union([
    z.string().transform((event) => ({ [event]: null })),
    z.array(z.string()).transform((events) => Object.fromEntries(events.map((event) => [event, null]))),
    z.record(z.string(), z.unknown()),
  ]),
  jobs: z.record(z.string(), z.object({ name: z.string().optional(), strategy: z.unknown().optional() })),
});

/**
 * Find the names under which GitHub reports the jobs that a strategy requires.
 *
 * @param strategy The strategy
 * @param workflow Text of the workflow that `protection` names
 * @returns Names of status checks, in the order of the strategy
 * @throws {ConfigError} If the workflow cannot be read
 * @throws {KitError} `usage` if a required job would never report: it does not exist, has a matrix, or does not run for
 * pull requests into a protected branch
 */
export function requiredChecks(strategy: Strategy, workflow: string): readonly string[] {
  const { protection } = strategy;
  if (protection === null || protection.checks.length === 0) return [];
  const file = protection.workflow;
  const yaml = readYaml(workflow);
  const mistakes = new Mistakes(yaml);
  mistakes.throwIfAny(file);
  const parsed = checkShape(workflowSchema, yaml.value, mistakes);
  mistakes.throwIfAny(file);
  const { on, jobs } = parsed!;
  for (const branch of [strategy.main, strategy.develop]) requirePullRequests(on, { branch, file });
  return protection.checks.map((id) => {
    const job = jobs[id];
    if (job === undefined) throw unknownJob(id, { file, known: Object.keys(jobs) });
    // A name that depends on the event is the id where the check counts.
    if (job.strategy === undefined) return job.name?.includes("${{") === false ? job.name : id;
    throw new KitError("usage", `Cannot require the job "${id}" of ${file}: it has a strategy, and so several checks`, {
      hint: "Require a job that needs it, and that has no strategy",
    });
  });
}

function requirePullRequests(
  on: Readonly<Record<string, unknown>>,
  { branch, file }: { readonly branch: string; readonly file: string },
): void {
  const trigger = "pull_request" in on ? pullRequest.safeParse(on.pull_request).data : undefined;
  const patterns = trigger === undefined ? [] : trigger?.branches ?? ["**"];
  if (patterns.some((pattern) => pattern === branch || pattern === "*" || pattern === "**")) return;
  throw new KitError("usage", `Cannot require jobs of ${file}: it does not run for pull requests into ${branch}`, {
    hint: `Such a pull request would wait forever; add ${branch} under on.pull_request.branches`,
  });
}

function unknownJob(id: string, { file, known }: { readonly file: string; readonly known: readonly string[] }) {
  const near = closest(id, known);
  return new KitError("usage", `Cannot require the job "${id}": ${file} has no such job`, {
    hint: near === undefined ? `Its jobs: ${known.join(", ")}` : `Did you mean ${near}?`,
  });
}
