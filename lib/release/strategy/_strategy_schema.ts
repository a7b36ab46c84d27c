import * as z from "zod";
import { explainRefName, REF_CHARACTER, REF_LIMITS, REF_NAME } from "../../git/mod.ts";
import { TAGGED_STAGES } from "../../installation/mod.ts";

const text = z.string({ error: "must be text" }).min(1, { error: "must not be empty" });
/** A name that git allows. */
const branch = z.string({ error: "must be text" }).regex(REF_NAME, {
  error: ({ input }) => explainRefName(String(input)) ?? "must be the name of a branch",
});
/** The same with placeholders, which are its only braces. */
const PATTERN = new RegExp(String.raw`^${REF_LIMITS}(?:(?![{}])${REF_CHARACTER}|\{\w+\})+$`, "u");
const pattern = z.string({ error: "must be text" }).regex(PATTERN, {
  error: ({ input }) => explainRefName(String(input)) ?? "must have braces only around a placeholder, such as {name}",
});
const patterns = z.array(pattern, { error: "must be a list of names" });
const gate = z.array(text, { error: "must be a list of words" }).min(1, { error: "must have a word" });

const line = z.strictObject({
  line: text.regex(/^(0|[1-9]\d*)\.(0|[1-9]\d*)\.x$/, { error: "must be a line of versions such as 1.1.x" })
    .describe("Its versions, such as 1.1.x"),
  title: text.describe("What it is about, in a few words"),
  phase: z.int({ error: "must be a whole number" }).min(1, { error: "must be 1 or more" }).optional()
    .describe("The phase that leads to it; its first release is the phase's"),
  gate: gate.optional().describe("Program and arguments of its own check, instead of the one of the stage"),
});

const stage = z.strictObject({
  stage: z.enum(TAGGED_STAGES),
  tag: pattern.describe("Form of its tags; {version} is the release, {number} counts the candidates"),
  gate: gate.optional().describe("Program and arguments of the check that the tagged tree has to pass"),
});

const rule = z.strictObject({
  kind: z.enum(["develop", "phase", "feature", "hotfix", "release", "experimental", "benchmark"]),
  name: pattern.describe("Pattern of the names; {phase}, {version}, {minor} and {name} are replaced"),
  also: patterns.optional().describe("Other patterns of names that mean the same"),
  from: branch.describe("The branch at which they begin"),
  into: z.array(branch, { error: "must be a list of branches" }).optional()
    .describe("The branches into which they are merged, in order; without it they are never merged"),
  gate: gate.optional().describe("Program and arguments of the check that the merged tree has to pass"),
  tag: pattern.optional().describe("Pattern of the tag that marks the merge"),
  beside: patterns.optional().describe("Branches that are created together with it"),
});

/** The whole strategy file. */
export const strategySchema = z.strictObject({
  version: z.literal(1, { error: "must be 1" }),
  remote: branch.optional().describe("The remote that everybody shares; origin if absent"),
  main: branch.optional().describe("The stable branch; main if absent"),
  develop: branch.optional().describe("The branch where features and phases meet; develop if absent"),
  patchGate: gate.optional().describe(
    "Program and arguments of the check of a version whose last number is not 0, instead of the one of the stage",
  ),
  lines: z.array(line, { error: "must be a list of lines of versions" }).min(1, { error: "must have a line" })
    .describe("The lines of versions, the oldest first; each but the first follows a release of the one before it"),
  stages: z.array(stage, { error: "must be a list of stages" }).min(1, { error: "must have a stage" })
    .describe("The stages of a release, in order"),
  branches: z.array(rule, { error: "must be a list of kinds of branches" }).min(1, { error: "must have a kind" }),
}, { error: "must be a mapping that begins with version: 1" });

/** The file as written, before defaults. */
export type StrategyFile = z.output<typeof strategySchema>;
