import * as z from "zod";
import { tryParseReleaseVersion } from "../versions/release_version.ts";

const text = z.string({ error: "must be text" }).min(1, { error: "must not be empty" });
const branch = text.regex(/^[\w][\w./-]*$/, { error: "must be the name of a branch" });
const pattern = text.regex(/^[\w][\w./{}-]*$/, {
  error: "must be a name of a branch or tag, with {name} and the like",
});
const patterns = z.array(pattern, { error: "must be a list of names" });
const version = text.refine((one) => tryParseReleaseVersion(one)?.stage === "stable", {
  error: "must be a version such as 1.1.0",
});

const phase = z.strictObject({
  phase: z.int({ error: "must be a whole number" }).min(1, { error: "must be 1 or more" }),
  version: version.describe("The release that the phase leads to, such as 1.1.0"),
  title: text,
});

const rule = z.strictObject({
  kind: z.enum(["phase", "feature", "hotfix", "release", "experimental", "benchmark"]),
  name: pattern.describe("Pattern of the names; {phase}, {version}, {minor} and {name} are replaced"),
  also: patterns.optional().describe("Other patterns of names that mean the same"),
  from: branch.describe("The branch at which they begin"),
  into: z.array(branch, { error: "must be a list of branches" }).optional()
    .describe("The branches into which they are merged, in order; without it they are never merged"),
  gate: z.array(text, { error: "must be a list of words" }).min(1, { error: "must have a word" }).optional()
    .describe("Program and arguments of the check that the merged tree has to pass"),
  tag: pattern.optional().describe("Pattern of the tag that marks the merge"),
  beside: patterns.optional().describe("Branches that are created together with it"),
});

const protection = z.strictObject({
  workflow: text.describe("Path of the workflow that has the required jobs"),
  checks: z.array(text, { error: "must be a list of jobs" })
    .describe("Ids of its jobs that have to pass before main or develop change"),
  approvals: z.int({ error: "must be a whole number" }).min(0, { error: "must be 0 or more" })
    .max(10, { error: "must not be above 10" }).optional()
    .describe("Approving reviews that a pull request into main needs; 0 if absent"),
  finishBy: z.array(z.enum(["write", "maintain", "admin"]), { error: "must be a list of roles" }).optional()
    .describe(
      "Roles that finish branches by a push, which the required checks do not bind; maintain and admin if absent",
    ),
});

/** The whole strategy file. */
export const strategySchema = z.strictObject({
  version: z.literal(1, { error: "must be 1" }),
  remote: branch.optional().describe("The remote that everybody shares; origin if absent"),
  main: branch.optional().describe("The stable branch; main if absent"),
  develop: branch.optional().describe("The branch where features and phases meet; develop if absent"),
  mainBy: z.enum(["push", "pull-request"]).optional().describe("How the stable branch changes; push if absent"),
  protection: protection.optional().describe("What GitHub enforces, by branch protect"),
  phases: z.array(phase, { error: "must be a list of phases" }).min(1, { error: "must have a phase" }),
  branches: z.array(rule, { error: "must be a list of kinds of branches" }).min(1, { error: "must have a kind" }),
}, { error: "must be a mapping that begins with version: 1" });

/** The file as written, before defaults. */
export type StrategyFile = z.output<typeof strategySchema>;
