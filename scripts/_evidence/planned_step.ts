import { join } from "node:path";
import { listIfExists, thisMachine } from "../../lib/base/mod.ts";
import type { EvidenceContext, EvidenceFile, GateRepository } from "../../lib/gate/mod.ts";
import { type EvidenceStep, stateOfStep, type StepState } from "../../checks/mod.ts";
import { findObstacle, type Obstacle } from "../_bench/find_obstacle.ts";

/** A step, what is to be done for it, and where its report is. */
export interface PlannedStep {
  readonly step: EvidenceStep;
  readonly state: StepState;
  /** Where its command writes the report. */
  readonly path: string;
  /** The reports that its conditions are judged by. */
  readonly reports: readonly string[];
  /** Why no report of it would be accepted, by all of its conditions or by some. */
  readonly obstacle: Obstacle | null;
}

/** A step that is not done. */
export type ToMake = PlannedStep & { readonly state: Exclude<StepState, "done"> };

/** Where reports are made and published. */
export interface EvidencePlace {
  /** Root folder of the checkout. */
  readonly root: string;
  /** Version control of the checkout; `null` if there is none. */
  readonly repository: GateRepository | null;
  /** Folder of the reports while they are made. */
  readonly work: string;
  /** Folder of the published reports. */
  readonly output: string;
}

/** The circumstances in which the gate would judge the reports now. */
export function contextOf({ repository }: EvidencePlace): EvidenceContext {
  return { now: Date.now(), repository, machine: thisMachine() };
}

/** Find out what is to be done for steps, by the reports in both folders. */
export async function readSteps(steps: readonly EvidenceStep[], place: EvidencePlace): Promise<readonly PlannedStep[]> {
  const { root, repository, work, output } = place;
  const sha = repository?.sha ?? "";
  const context = contextOf(place);
  const files = [...await readReportsIn(work), ...await readReportsIn(output)];
  return await Promise.all(steps.map(async (step) => {
    const path = join(work, `${step.id}.json`);
    const obstacle = await findObstacle(step, { folder: root, sha });
    const { state, reports } = await stateOfStep(step, { files, path, context, except: obstacle?.conditions ?? [] });
    return { step, path, state, reports, obstacle: state === "done" ? null : obstacle };
  }));
}

/** Read the reports in a folder, without those in its folders, such as `old`. */
export async function readReportsIn(folder: string): Promise<readonly EvidenceFile[]> {
  const entries = (await listIfExists(folder)).filter(({ isFile, name }) => isFile && name.endsWith(".json"));
  const paths = entries.map(({ name }) => join(folder, name)).toSorted();
  return await Promise.all(paths.map(async (name) => ({ name, text: await Deno.readTextFile(name) })));
}

/** Whether a step is to be made, and at least one of its conditions would accept the report. */
export function canBeMade(planned: PlannedStep): planned is ToMake {
  return planned.state !== "done" && !isObstructed(planned.step, planned.obstacle);
}

/** Whether none of its conditions would accept the report of a step. */
export function isObstructed({ conditions }: Pick<EvidenceStep, "conditions">, obstacle: Obstacle | null): boolean {
  return obstacle?.conditions.length === conditions.length;
}
