import * as z from "zod";
import { parseDuration } from "../../base/mod.ts";
import { parseRequirement } from "../../judge/mod.ts";

const DURATION_ERROR = "must be a duration such as 30s, 5m or 24h, or a number of seconds";

/** Create a schema for text that is read by a parser. If the parser throws a `SyntaxError`, the message is `wanted`. */
function read<T>(parse: (text: string) => T, wanted: string) {
  return z.union([z.string(), z.number()], { error: wanted }).transform((value, context) => {
    try {
      return parse(String(value));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      context.addIssue({ code: "custom", message: wanted });
      return z.NEVER;
    }
  });
}

const duration = read(parseDuration, DURATION_ERROR);
const text = z.string({ error: "must be text" }).min(1, { error: "must not be empty" });
const id = text.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, {
  error: "must be lower-case words joined by -, such as timeout-rate",
});
const flag = z.boolean({ error: "must be true or false" });
const name = z.union([text, z.number()], { error: "must be a phase's name" }).transform(String);

const paths = z.array(text, { error: "must be a list of paths" }).min(1, { error: "must have a path" });

const choices = z.record(text, z.array(text, { error: "must be a list of strings" }), { error: "must be a mapping" });

const evidence = z.strictObject({
  schema: text.describe("The kind of report, such as civitai-dl/stability"),
  maxAge: duration.optional().describe("Maximum age of the report"),
  sameCommit: flag.optional().describe(
    "Whether it must be of this commit or of one with the same sources; true if absent",
  ),
  sameMachine: flag.optional().describe("Whether it must be of a machine like this one; false if absent"),
  minDuration: duration.optional().describe("Minimum time of work, without pauses"),
  where: choices.optional().describe("Fields of the report, with dots, and the values that each may have"),
  whereOf: z.record(text, choices, { error: "must be a mapping" }).optional().describe(
    "By claim: fields and values with which it can fail the condition, in place of where",
  ),
  proofWhere: choices.optional().describe("The same for a report that proves anything; others can only refute"),
  maxPause: duration.optional().describe("Maximum total of the pauses"),
});

/** The name of a check; which there are, the caller of the parser says. */
export const checkName = text.describe("Name of a check");

const condition = z.strictObject({
  id,
  title: text,
  quick: flag.optional().describe("Whether it belongs to --quick, which takes a few minutes"),
  check: checkName.optional(),
  with: z.record(z.string(), z.unknown(), { error: "must be a mapping" }).optional().describe(
    "Parameters of the check",
  ),
  evidence: evidence.optional(),
  claims: z.array(text, { error: "must be a list of names of claims" }).min(1, { error: "must have a name" })
    .optional(),
  require: read(parseRequirement, "must be a comparison such as < 1%, >= 1.20 or = 0").optional(),
  minCount: z.int({ error: "must be a whole number" }).min(1, { error: "must be 1 or more" }).optional(),
  counted: text.optional().describe("What minCount counts, in the plural, such as downloads"),
  timeout: duration.optional(),
  command: text.optional().describe("Command that produces missing evidence"),
});

const phase = z.strictObject({
  name,
  title: text,
  extends: name.optional(),
  conditions: z.array(condition, { error: "must be a list of conditions" }).min(1, {
    error: "must have a condition",
  }),
});

/** The whole phases file. */
export const gateSchema = z.strictObject({
  version: z.literal(1, { error: "must be 1" }),
  sources: paths.optional().describe("A report of another commit is accepted if none of these paths differs"),
  sourcesOf: z.record(text, paths, { error: "must be a mapping" }).optional()
    .describe("By kind of report: the paths that it depends on, if those are not all of the sources"),
  phases: z.array(phase, { error: "must be a list of phases" }).min(1, { error: "must have a phase" }),
}, { error: "must be a mapping that begins with version: 1" });

/** A condition as written in the file, before defaults. */
export type ConditionEntry = z.output<typeof condition>;
/** The file as written, before inheritance and defaults. */
export type GateFile = z.output<typeof gateSchema>;
