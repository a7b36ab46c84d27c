import { relative } from "node:path";
import { formatDuration } from "../../lib/base/mod.ts";
import { renderTable } from "../../lib/cli/mod.ts";
import type { EvidenceStep, FailedStep, ManualStep, StepState, UnusedFile } from "../../checks/mod.ts";
import type { Obstacle } from "../_bench/find_obstacle.ts";
import { canBeMade, isObstructed, type PlannedStep, type ToMake } from "./planned_step.ts";

/** What is there, and what was done. */
export interface EvidenceResult {
  readonly steps: readonly (Pick<EvidenceStep, "id" | "conditions" | "estimateMs"> & {
    readonly state: StepState;
    readonly obstacle: Obstacle | null;
  })[];
  readonly failed: readonly FailedStep[];
  readonly manual: readonly Omit<ManualStep, "demand">[];
  /** The files of the output that were written. */
  readonly published: readonly string[];
  /** The files of the output that the gate would not accept, if any were published. */
  readonly unused: readonly UnusedFile[];
}

interface Obstructed {
  readonly step: Pick<EvidenceStep, "id" | "conditions">;
  readonly obstacle: Obstacle | null;
}

/** What is in the way of steps, and what to do first; a line for each. */
export function describeObstacles(steps: readonly Obstructed[]): readonly string[] {
  return steps.flatMap(({ step, obstacle }) => {
    if (obstacle === null) return [];
    const what = isObstructed(step, obstacle) ? "cannot be made" : `is of no use for ${obstacle.conditions.join(", ")}`;
    return [`${step.id} ${what}: ${obstacle.reason}. ${obstacle.hint}`];
  });
}

/** The steps with their states, and what this sitting takes. */
export function describePlan(
  planned: readonly PlannedStep[],
  { sitting, timeMs }: { readonly sitting: readonly ToMake[]; readonly timeMs: number },
): string {
  const table = renderTable<PlannedStep>(planned, [
    { title: "Step", value: ({ step }) => step.id },
    { title: "State", value: stateWords },
    { title: "Takes", value: ({ step }) => formatDuration(step.estimateMs), align: "right" },
    { title: "Disk", value: ({ step }) => `${step.diskBytes / 1e9} GB`, align: "right" },
    { title: "In parts", value: ({ step }) => step.isResumable ? "yes" : "no" },
    { title: "Conditions", value: ({ step }) => step.conditions.join(", ") },
  ], { width: Infinity });
  const now = sitting.length === 0
    ? "Nothing to do in this sitting."
    : `This sitting: ${sitting.map(({ step }) => step.id).join(", ")}; about ${
      formatDuration(Math.min(timeMs, sitting.reduce((sum, { step }) => sum + step.estimateMs, 0)))
    } on two idle cores, and ${Math.max(...sitting.map(({ step }) => step.diskBytes)) / 1e9} GB of disk.`;
  const tooLong = planned.filter((one) => canBeMade(one) && !one.step.isResumable && one.step.estimateMs > timeMs);
  return [
    table.trimEnd(),
    now,
    ...tooLong.map(({ step }) =>
      `${step.id} is not made in parts: it needs a sitting of ${formatDuration(step.estimateMs)}`
    ),
  ].join("\n");
}

function stateWords(planned: PlannedStep): string {
  return planned.state === "done" || canBeMade(planned) ? planned.state : "cannot be made";
}

/** What is missing, what was done, and what others have to do. */
export function renderEvidence({ steps, failed, manual, published, unused }: EvidenceResult): string {
  const open = steps.filter(({ state }) => state !== "done");
  const makeable = open.filter((step) => !isObstructed(step, step.obstacle));
  const leftMs = makeable.reduce((sum, { estimateMs }) => sum + estimateMs, 0);
  const shown = (path: string) => relative(Deno.cwd(), path);
  return [
    open.length === 0
      ? `All ${steps.length} reports are made.`
      : `${open.length} of ${steps.length} reports are missing: ${open.map(({ id }) => id).join(", ")}; ${
        makeable.length === 0 ? "none of them can be made here" : `about ${formatDuration(leftMs)} to make here`
      }`,
    ...published.length === 0 ? [] : [`Published, to be committed: ${published.map(shown).join(", ")}`],
    ...unused.map(({ name, reason }) => `${shown(name)} is of no use to the gate: ${reason}`),
    ...failed.map(({ reason }) => `${reason}. Its messages say why; what was made before is kept`),
    ...describeObstacles(open.map((step) => ({ step, obstacle: step.obstacle }))),
    ...manual.map(({ condition, command }) => `${condition}: ${command}`),
    "",
  ].join("\n");
}
