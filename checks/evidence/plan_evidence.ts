import { formatDuration, parseDuration } from "../../lib/base/mod.ts";
import type { EvidenceDemand, GateConfig } from "../../lib/gate/mod.ts";
import type { EvidencePlan, EvidenceStep, ManualStep, StepState } from "./evidence_step.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** What a task costs, by its name. `stability` takes its `--duration`. */
const COSTS: Readonly<Record<string, Pick<EvidenceStep, "estimateMs" | "diskBytes" | "isResumable">>> = {
  "stability": { estimateMs: 0, diskBytes: 1e9, isResumable: true },
  "paired-stability": { estimateMs: 120 * MINUTE_MS, diskBytes: 1e9, isResumable: true },
  "load-test": { estimateMs: 60 * MINUTE_MS, diskBytes: 27e9, isResumable: true },
  "concurrency-test": { estimateMs: 15 * MINUTE_MS, diskBytes: 1e9, isResumable: false },
  "benchmark": { estimateMs: 25 * MINUTE_MS, diskBytes: 5e9, isResumable: false },
  "benchmark-compare": { estimateMs: 60 * MINUTE_MS, diskBytes: 5e9, isResumable: false },
};
/** Flags whose values tell reports of one schema apart. */
const TELLING = ["--duration", "--profile", "--phase", "--baseline"];

/**
 * List the reports that the conditions of a phases file ask for, each once, with what it takes to make them.
 *
 * @param config The phases
 * @returns The steps, each shorter form before the step that it can stand for; reports that another system or a release
 * has to make are apart
 */
export function planEvidence(config: GateConfig): EvidencePlan {
  const steps = new Map<string, EvidenceStep>();
  const manual: ManualStep[] = [];
  for (const { id: condition, source, command } of config.phases.at(-1)?.conditions ?? []) {
    if (source.type !== "evidence") continue;
    const { demand } = source;
    const words = wordsOf(command);
    if (words === null) {
      manual.push({ condition, command, demand });
      continue;
    }
    const whole = stepOf(demand.schema, words);
    const short = shortFormOf(whole, demand);
    for (const step of short === null ? [whole] : [short, whole]) {
      const before = steps.get(step.id) ?? step;
      const isOfPhase1 = (demand.where.phase1 ?? demand.proofWhere.phase1)?.includes("profile") === false;
      steps.set(step.id, {
        ...step,
        conditions: [...before.conditions, condition],
        demands: { ...before.demands, [condition]: demand },
        ofPhase1: isOfPhase1 ? [...before.ofPhase1, condition] : before.ofPhase1,
      });
    }
  }
  return { steps: [...steps.values()], manual };
}

/** Choose the steps that nobody named: in their usual or shorter form, with or without those of a day and more. */
export function chooseSteps(
  steps: readonly EvidenceStep[],
  { isShort, isLong }: { readonly isShort: boolean; readonly isLong: boolean },
): readonly EvidenceStep[] {
  const withShortForm = steps.map(({ shortOf }) => shortOf);
  return steps.filter((step) =>
    (isShort ? !withShortForm.includes(step.id) : step.shortOf === null) && (isLong || !step.isLong)
  );
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
  const isLong = estimateMs >= DAY_MS;
  return { id, schema, words, conditions: [], demands: {}, ofPhase1: [], ...cost, estimateMs, isLong, shortOf: null };
}

/** The same step as long as a condition needs it; `null` if it needs it whole, or has no duration. */
function shortFormOf(step: EvidenceStep, { schema, minDurationMs }: EvidenceDemand): EvidenceStep | null {
  const at = step.words.indexOf("--duration") + 1;
  if (at === 0 || minDurationMs === 0 || minDurationMs >= step.estimateMs) return null;
  const duration = formatDuration(minDurationMs).replaceAll(" ", "");
  return { ...stepOf(schema, step.words.with(at, duration)), shortOf: step.id };
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
