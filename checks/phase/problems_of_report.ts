import type { Evidence } from "../../lib/base/mod.ts";
import type { GateProblem } from "../../lib/gate/mod.ts";
import type { PAIR_SCHEMA as PairSchema } from "../../lib/stability/mod.ts";
import { MAX_LISTED, problemsOfSoak } from "./problems_of_soak.ts";

/** Schema of the report of `paired-stability`. The room that makes it has the whole engine, which no gate has to load. */
const PAIR_SCHEMA: typeof PairSchema = "civitai-dl/paired-stability";
/** Schema of the report of `load-test`. */
const LOAD_SCHEMA = "civitai-dl/load";

/**
 * List what a report knows about a failed claim: files, jobs, what they were doing, and the command that repeats it from
 * its seed. The list is empty for reports of benchmarks.
 *
 * @param evidence The report, whose fields may be of any form
 * @returns One problem for each failure that the report lists, then one with the command
 */
export function problemsOfReport(evidence: Evidence, claim: string): readonly GateProblem[] {
  if (evidence.schema === PAIR_SCHEMA) return problemsOfPairs(evidence, claim);
  if (evidence.schema === LOAD_SCHEMA) return problemsOfLoad(evidence, claim);
  return problemsOfSoak(evidence, claim);
}

/** The failures of the judged profile that the other one does not have, and the first round with one. */
function problemsOfPairs(evidence: Evidence, claim: string): readonly GateProblem[] {
  const settings = fieldsOf(evidence.settings);
  const [profile, against, toxics, firstSeed, rounds] = ["profile", "against", "toxics", "seed", "rounds"]
    .map((key) => String(settings[key]));
  const failed = listOf(evidence.rounds).flatMap(({ seed, messages }) =>
    ownMessages(messages, claim).map((message) => ({ seed, message: message.replace(/^profile:/, `${profile}:`) }))
  );
  const length = failed.length === 0
    ? `--seed ${firstSeed} --rounds ${rounds}`
    : `--seed ${failed[0]!.seed} --rounds 1`;
  return problemsOf(
    failed.map(({ seed, message }) => `seed ${seed}: ${message}`),
    `deno task paired-stability --profile ${profile} --against ${against} --toxics ${toxics} ${length}`,
  );
}

/** Messages are `profile: KEY: CLASS: TEXT`, and the same of `against`. */
function ownMessages(messages: unknown, claim: string): readonly string[] {
  if (!["failure_rate", "recovery_rate", "timeout_rate"].includes(claim)) return [];
  const texts = textsOf(messages);
  const others = texts.filter((text) => text.startsWith("against: ")).map((text) => text.split(" ")[1]);
  return texts.filter((text) =>
    !text.startsWith("against: ") && !others.includes(text.split(" ")[1]) &&
    (claim !== "timeout_rate" || /^\S+ \S+ (?:timeout|stall): /.test(text))
  );
}

/** What the program said, and which files differ; every run has the same library. */
function problemsOfLoad(evidence: Evidence, claim: string): readonly GateProblem[] {
  const { files, bytes, creators, seed } = fieldsOf(evidence.settings);
  const isAboutFiles = ["load_success", "load_runs"].includes(claim);
  const messages = listOf(evidence.rounds).flatMap(({ round, messages }) =>
    textsOf(messages).map((text) => `run ${Number(round) + 1}: ${text}`)
  );
  return problemsOf(
    isAboutFiles ? messages : [],
    `deno task load-test --files ${files} --bytes ${bytes} --creators ${creators} --seed ${seed} --runs 1`,
  );
}

function problemsOf(failures: readonly string[], command: string): readonly GateProblem[] {
  return [...failures.slice(0, MAX_LISTED), `repeat it from its seed: ${command}`].map((message) => ({ message }));
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? value as Readonly<Record<string, unknown>> : {};
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
