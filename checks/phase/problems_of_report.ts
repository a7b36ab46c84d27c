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
  const failed = listOf(evidence.rounds).flatMap(({ seed, failures }) =>
    ownFailures(listOf(failures), claim).map(({ key, failure, message }) => ({ seed, key, failure, message }))
  );
  const length = failed.length === 0
    ? `--seed ${firstSeed} --rounds ${rounds}`
    : `--seed ${failed[0]!.seed} --rounds 1`;
  return problemsOf(
    failed.map(({ seed, key, failure, message }) => `seed ${seed}: ${profile}: ${key}: ${failure}: ${message}`),
    `deno task paired-stability --profile ${profile} --against ${against} --toxics ${toxics} ${length}`,
  );
}

/** What only the judged profile failed to fetch, as far as the claim is about it. */
function ownFailures(failures: readonly Fields[], claim: string): readonly Fields[] {
  if (!["failure_rate", "recovery_rate", "timeout_rate"].includes(claim)) return [];
  const others = failures.filter(({ side }) => side === "against").map(({ key }) => key);
  return failures.filter(({ side, key, failure }) =>
    side === "profile" && !others.includes(key) &&
    (claim !== "timeout_rate" || failure === "timeout" || failure === "stall")
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

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? value as Fields : {};
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
