import { isCount } from "../../base/mod.ts";
import type { SoakResult } from "../facts/soak_work.ts";

const COUNTS = [
  ...["attempts", "failures", "timeouts", "concurrencyErrors", "retries", "faults", "files", "mismatches"] as const,
  ...["bytes", "transitions", "permanent", "expected", "missing", "wantedBytes", "wireBytes"] as const,
];
/**
 * Counts that must not exceed `attempts`. Judging a rate above 1 would throw, and the report of several days would be
 * lost.
 */
const OF_ATTEMPTS = ["failures", "timeouts", "concurrencyErrors"] as const;

/**
 * Validate the result of a job before it is counted.
 *
 * @param result The value that the job returned; untyped programs may return anything
 * @returns The result, or one failed attempt whose message explains why the result is invalid
 */
export function checkResult(result: SoakResult): SoakResult {
  const problem = problemOf(result);
  if (problem === null) return result;
  return {
    failures: 1,
    errors: { BadResult: 1 },
    messages: [{ kind: "other", text: `Cannot count the result of this job: ${problem}` }],
    // Keep the file counts if they are valid: a mismatch must be counted even if the rest of the result is not.
    ...isCount(result.files) && isCount(result.mismatches)
      ? { files: result.files, mismatches: result.mismatches }
      : {},
  };
}

function problemOf(result: SoakResult): string | null {
  if (typeof result !== "object") return "it is not an object";
  const { attempts = 1, errors = {}, messages = [], exchanges } = result;
  const { problems = exchanges === undefined ? [] : undefined, ...both } = exchanges ?? {};
  const counts: readonly (readonly [name: string, value: unknown])[] = [
    ...COUNTS.map((name) => [name, result[name]] as const),
    ...Object.entries(errors).map(([name, value]) => [`errors.${name}`, value] as const),
    ...Object.entries(both).map(([name, value]) => [`exchanges.${name}`, value] as const),
  ];
  const bad = counts.find(([, value]) => value !== undefined && !isCount(value));
  if (bad !== undefined) return `${bad[0]} is ${bad[1]}, must be a whole number of at least 0`;
  const more = OF_ATTEMPTS.find((name) => (result[name] ?? 0) > attempts);
  if (more !== undefined) return `${more} is ${result[more]} of ${attempts} attempts`;
  if ((result.missing ?? 0) > (result.expected ?? 0)) {
    return `missing is ${result.missing} of ${result.expected ?? 0} expected items`;
  }
  if (!Array.isArray(messages)) return "messages is not an array";
  return Array.isArray(problems) ? null : "exchanges.problems is not an array";
}
