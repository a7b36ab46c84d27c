import { type Evidence, EvidenceError, openEvidence, parseDuration } from "../../lib/base/mod.ts";
import type { GateConfig } from "../../lib/gate/mod.ts";
import type { EvidencePlan, EvidenceStep, ManualStep, StepState } from "./evidence_step.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** What a task costs, by its name. `stability` takes its `--duration`. */
const COSTS: Readonly<Record<string, Pick<EvidenceStep, "estimateMs" | "diskBytes" | "isResumable">>> = {
  "stability": { estimateMs: 0, diskBytes: 1e9, isResumable: true },
  "paired-stability": { estimateMs: 120 * MINUTE_MS, diskBytes: 1e9, isResumable: true },
  "load-test": { estimateMs: 60 * MINUTE_MS, diskBytes: 27e9, isResumable: true },
  "concurrency-test": { estimateMs: 5 * MINUTE_MS, diskBytes: 1e9, isResumable: false },
  "benchmark": { estimateMs: 25 * MINUTE_MS, diskBytes: 5e9, isResumable: false },
  "benchmark-compare": { estimateMs: 60 * MINUTE_MS, diskBytes: 5e9, isResumable: false },
};
/** Flags whose values tell reports of one schema apart. */
const TELLING = ["--duration", "--profile", "--phase"];

/**
 * List the reports that the conditions of a phases file ask for, each once, with what it takes to make them.
 *
 * @param config The phases
 * @returns The steps; reports that another system or a release has to make are apart
 */
export function planEvidence(config: GateConfig): EvidencePlan {
  const steps = new Map<string, EvidenceStep>();
  const manual: ManualStep[] = [];
  for (const { id: condition, source, command } of config.phases.at(-1)?.conditions ?? []) {
    if (source.type !== "evidence") continue;
    const words = wordsOf(command);
    if (words === null) {
      manual.push({ condition, command });
      continue;
    }
    const step = stepOf(source.demand.schema, words);
    const { conditions, ofPhase1 } = steps.get(step.id) ?? step;
    const { where, proofWhere } = source.demand;
    const isOfPhase1 = (where.phase1 ?? proofWhere.phase1)?.includes("profile") === false;
    steps.set(step.id, {
      ...step,
      conditions: [...conditions, condition],
      ofPhase1: isOfPhase1 ? [...ofPhase1, condition] : ofPhase1,
    });
  }
  return { steps: [...steps.values()], manual };
}

/** The task and its arguments without the path of the report; `null` if no task of this machine alone can make it. */
function wordsOf(command: string): readonly string[] | null {
  const [, task = "", rest = ""] = /^deno task (\S+)(.*)$/.exec(command) ?? [];
  if (!Object.hasOwn(COSTS, task)) return null;
  return [task, ...rest.replace(/ --output \S+/, "").split(" ").filter((word) => word !== "")];
}

function stepOf(schema: string, words: readonly string[]): EvidenceStep {
  const told = TELLING.map((flag) => words[words.indexOf(flag) + 1]).filter((_, index) =>
    words.includes(TELLING[index]!)
  );
  const cost = COSTS[words[0]!]!;
  const duration = words[words.indexOf("--duration") + 1];
  const estimateMs = words.includes("--duration") && duration !== undefined ? parseDuration(duration) : cost.estimateMs;
  const id = [schema.split("/").at(-1), ...told].join("-");
  return { id, schema, words, conditions: [], ofPhase1: [], ...cost, estimateMs, isLong: estimateMs >= DAY_MS };
}

/**
 * Decide what is to be done for a step.
 *
 * @param step The step
 * @param text Its report as far as it was made; `null` if there is none
 * @param sha The commit in the working folder
 * @returns `done` if the report is complete and of this commit; `to continue` if it was stopped and can go on
 */
export function stateOfStep(step: EvidenceStep, text: string | null, sha: string): StepState {
  const report = text === null ? null : open(text, step.schema);
  if (report === null || report.commit.sha !== sha || report.commit.isDirty) return "to make";
  if (isComplete(report)) return "done";
  return step.isResumable ? "to continue" : "to make";
}

/** Whether a run is over; reports that do not tell their end are. */
function isComplete({ end }: Evidence): boolean {
  return typeof end !== "object" || end === null || !("type" in end) || end.type === "planned" || end.type === "claim";
}

function open(text: string, schema: string): Evidence | null {
  try {
    return openEvidence(text, { schema });
  } catch (error) {
    if (error instanceof EvidenceError) return null;
    throw error;
  }
}

/**
 * Choose the steps of a sitting: those that are not done, as many as fit into its time. One that can be continued may
 * begin if it does not fit, because it is stopped in time.
 *
 * @param steps The steps with their states, in order
 * @param budgetMs Time of the sitting; `Infinity` for all
 * @returns The steps to work on now
 */
export function chooseSitting<S extends { readonly step: EvidenceStep; readonly state: StepState }>(
  steps: readonly S[],
  budgetMs: number,
): readonly S[] {
  const chosen: S[] = [];
  let leftMs = budgetMs;
  for (const one of steps) {
    const { step, state } = one;
    if (state === "done" || leftMs <= 0) continue;
    if (step.estimateMs > leftMs && !step.isResumable) continue;
    chosen.push(one);
    leftMs -= step.estimateMs;
  }
  return chosen;
}
