import { basename, dirname, join, resolve } from "node:path";
import { ensureDir } from "@std/fs";
import { formatDuration, freeSpace, KitError, readTextIfExists, renameFile, writeAtomic } from "../lib/base/mod.ts";
import { type CommandContext, defineCommand, type Flag, type FlagsOf, Outcome, renderTable } from "../lib/cli/mod.ts";
import { parseGateConfig } from "../lib/gate/mod.ts";
import {
  chooseSitting,
  type EvidenceStep,
  type FailedStep,
  type ManualStep,
  PHASES_FILE,
  planEvidence,
  runSitting,
  stateOfStep,
  type StepState,
} from "../checks/mod.ts";
import { findObstacle, type Obstacle } from "./_bench/find_obstacle.ts";
import { fileStamp } from "./_frame/file_stamp.ts";
import { describeOwnCheckout } from "./_frame/own_checkout.ts";
import { requireCheckout } from "./_frame/program_form.ts";
import { runScript } from "./_frame/run_script.ts";

const FLAGS = [
  {
    name: "only",
    type: "string",
    summary: "Only these steps, by the names that --dry-run shows",
    placeholder: "STEP",
    multiple: true,
    split: ",",
  },
  { name: "long", type: "boolean", summary: "Also the runs of a day and a week" },
  {
    name: "time",
    type: "duration",
    summary: "End this sitting after about this time; the next one goes on. All at once by default",
    min: "1m",
  },
  { name: "dry-run", type: "boolean", summary: "Only say what is to be done, and what it takes" },
  {
    name: "output",
    short: "o",
    type: "path",
    summary: "Folder of the finished reports, without white space",
    default: "docs/evidence",
    placeholder: "FOLDER",
  },
  {
    name: "work-folder",
    type: "path",
    summary: "Folder of the reports while they are made; the next sitting goes on from there",
    default: "reports/evidence",
    placeholder: "FOLDER",
  },
] as const satisfies readonly Flag[];

type Flags = FlagsOf<typeof FLAGS>;

/** A step, what is to be done for it, and where its report is. */
interface PlannedStep {
  readonly step: EvidenceStep;
  readonly state: StepState;
  readonly path: string;
  /** Why no report of it would be accepted, by all of its conditions or by some. */
  readonly obstacle: Obstacle | null;
}

interface Obstructed {
  readonly step: Pick<EvidenceStep, "id" | "conditions">;
  readonly obstacle: Obstacle | null;
}

type ToMake = PlannedStep & { readonly state: Exclude<StepState, "done"> };

interface EvidenceResult {
  readonly steps: readonly (Pick<EvidenceStep, "id" | "conditions" | "estimateMs"> & {
    readonly state: StepState;
    readonly obstacle: Obstacle | null;
  })[];
  readonly failed: readonly FailedStep[];
  readonly manual: readonly ManualStep[];
}

/** The `evidence` task: all reports that the gate asks for and that this machine can make. */
export const command = defineCommand({
  name: "evidence",
  summary: "Make all reports that the gate asks for, in one or several sittings",
  description: [
    "Reads from config/phases.yml which reports the conditions ask for, and by which commands they are made. Says what is " +
    "to be done, how long it takes and how much disk it needs, and then runs the commands one after another. Reports that " +
    "are complete and of this commit are kept, stopped runs go on, and all others are made anew. A step that fails is " +
    "listed at the end, and the next one begins.",
    "A benchmark needs a commit to compare with: the tag of phase 1, or the place where the branch left main. Without it " +
    "the step is left out, and the table says what to do first.",
    "Finished reports are copied to docs/evidence without white space; their digests are over the content. Runs of a day and " +
    "a week are left out unless --long is given. What other systems or a release have to make is listed at the end.",
  ].join("\n\n"),
  flags: FLAGS,
  examples: [
    { command: "deno task evidence --dry-run", summary: "What is missing, and what it takes" },
    { command: "deno task evidence --time 4h", summary: "A sitting of four hours; repeat it until nothing is missing" },
    { command: "deno task evidence --only paired-stability-parallel,load", summary: "Two reports" },
  ],
  exits: {
    1: "The command of a step failed",
    3: "Reports are still missing",
    4: "The working folder has uncommitted changes, or too little disk space is free",
  },
  async run(context): Promise<Outcome> {
    const { flags, display, signal } = context;
    const root = requireCheckout("evidence");
    const { sha, isDirty } = await describeOwnCheckout();
    const file = join(root, PHASES_FILE);
    const plan = planEvidence(parseGateConfig(await Deno.readTextFile(file), { file: PHASES_FILE }));
    const work = resolve(flags.workFolder);
    const place = { work, folder: root, sha };
    const planned = await readStates(pickSteps(plan.steps, flags), place);
    const sitting = chooseSitting(planned.filter(canBeMade), flags.time ?? Infinity);
    display.log(describePlan(planned, sitting));
    if (flags.dryRun || sitting.length === 0) return outcomeOf(planned, { manual: plan.manual, failed: [] });
    if (isDirty) {
      throw new KitError("unsafe", "Cannot begin: the working folder has uncommitted changes", {
        hint: "Commit them; the gate accepts no report that was made with them",
      });
    }
    await ensureDir(work);
    await assertSpace(work, sitting);
    for (const line of describeObstacles(planned)) display.log(line);
    const failed = await workThrough(sitting, { context, root });
    signal.throwIfAborted();
    return outcomeOf(await readStates(pickSteps(plan.steps, flags), place), { manual: plan.manual, failed });
  },
  render: renderEvidence,
});

function pickSteps(steps: readonly EvidenceStep[], { only, long }: Flags): readonly EvidenceStep[] {
  const unknown = only.find((id) => !steps.some((step) => step.id === id));
  if (unknown !== undefined) {
    throw new KitError("usage", `Cannot make "${unknown}": there is no such step`, {
      hint: `There are ${steps.map(({ id }) => id).join(", ")}`,
    });
  }
  if (only.length > 0) return steps.filter(({ id }) => only.includes(id));
  return steps.filter(({ isLong }) => long || !isLong);
}

async function readStates(
  steps: readonly EvidenceStep[],
  { work, folder, sha }: { readonly work: string; readonly folder: string; readonly sha: string },
): Promise<readonly PlannedStep[]> {
  return await Promise.all(steps.map(async (step) => {
    const path = join(work, `${step.id}.json`);
    const text = await readTextIfExists(path);
    const state = stateOfStep(step, text, sha);
    return { step, path, state, obstacle: state === "done" ? null : await findObstacle(step, { folder, sha }) };
  }));
}

/** Whether a step is to be made, and at least one of its conditions would accept the report. */
function canBeMade(planned: PlannedStep): planned is ToMake {
  const { step, state, obstacle } = planned;
  return state !== "done" && obstacle?.conditions.length !== step.conditions.length;
}

/** What is in the way of steps, and what to do first; a line for each. */
function describeObstacles(steps: readonly Obstructed[]): readonly string[] {
  return steps.flatMap(({ step: { id, conditions }, obstacle }) => {
    if (obstacle === null) return [];
    const isWhole = obstacle.conditions.length === conditions.length;
    const what = isWhole ? "cannot be made" : `is of no use for ${obstacle.conditions.join(", ")}`;
    return [`${id} ${what}: ${obstacle.reason}. ${obstacle.hint}`];
  });
}

function describePlan(planned: readonly PlannedStep[], sitting: readonly ToMake[]): string {
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
      formatDuration(sitting.reduce((sum, { step }) => sum + step.estimateMs, 0))
    } on two idle cores, and ${Math.max(...sitting.map(({ step }) => step.diskBytes)) / 1e9} GB of disk.`;
  return `${table.trimEnd()}\n${now}`;
}

function stateWords(planned: PlannedStep): string {
  return planned.state === "done" || canBeMade(planned) ? planned.state : "cannot be made";
}

async function assertSpace(work: string, sitting: readonly PlannedStep[]): Promise<void> {
  const needed = Math.max(...sitting.map(({ step }) => step.diskBytes));
  const free = await freeSpace(work);
  if (free >= needed) return;
  throw new KitError("unsafe", `Cannot begin: ${Math.floor(free / 1e9)} GB are free, ${needed / 1e9} GB wanted`, {
    hint: "Free some space, or leave out steps with --only",
  });
}

/** Run the steps one after another until the time is over; a step under way then stops, and keeps what it has. */
async function workThrough(
  sitting: readonly ToMake[],
  { context, root }: { readonly context: CommandContext<Flags>; readonly root: string },
): Promise<readonly FailedStep[]> {
  const { flags, display, signal } = context;
  const end = new AbortController();
  const timer = flags.time === undefined ? undefined : setTimeout(() => end.abort("the sitting is over"), flags.time);
  try {
    return await runSitting(sitting, {
      root,
      signal: AbortSignal.any([signal, end.signal]),
      onStep: async ({ step, state, path }, index) => {
        display.log(`Step ${index + 1} of ${sitting.length}: ${step.id}, ${formatDuration(step.estimateMs)}`);
        // What is of another commit, or cannot go on, is kept under another name.
        if (state === "to make") await moveAside(path);
      },
      onMade: ({ step, path }) => publish(path, join(resolve(flags.output), `${step.id}.json`)),
    });
  } finally {
    clearTimeout(timer);
  }
}

/** Move the report and what is beside it into the folder `old`: a command replaces no earlier run. */
async function moveAside(path: string): Promise<void> {
  const folder = dirname(path);
  const prefix = basename(path, "json");
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  const stamp = fileStamp(new Date());
  for (const name of names.filter((one) => one.startsWith(prefix))) {
    await ensureDir(join(folder, "old"));
    await renameFile(join(folder, name), join(folder, "old", `${stamp}-${name}`));
  }
}

/** Copy a report without its white space. */
async function publish(from: string, to: string): Promise<void> {
  await ensureDir(dirname(to));
  await writeAtomic(to, `${JSON.stringify(JSON.parse(await Deno.readTextFile(from)))}\n`);
}

function outcomeOf(
  planned: readonly PlannedStep[],
  rest: Pick<EvidenceResult, "manual" | "failed">,
): Outcome {
  const steps = planned.map(({ step: { id, conditions, estimateMs }, state, obstacle }) => ({
    id,
    conditions,
    estimateMs,
    state,
    obstacle,
  }));
  const result: EvidenceResult = { steps, ...rest };
  if (rest.failed.length > 0) return new Outcome(result, 1);
  return new Outcome(result, steps.every(({ state }) => state === "done") ? 0 : 3);
}

function renderEvidence({ steps, failed, manual }: EvidenceResult): string {
  const open = steps.filter(({ state }) => state !== "done");
  const leftMs = open.reduce((sum, { estimateMs }) => sum + estimateMs, 0);
  return [
    open.length === 0
      ? `All ${steps.length} reports are made.`
      : `${open.length} of ${steps.length} reports are missing, about ${formatDuration(leftMs)}: ${
        open.map(({ id }) => id).join(", ")
      }`,
    ...failed.map(({ reason }) => `${reason}. Its messages say why; what was made before is kept`),
    ...describeObstacles(open.map((step) => ({ step, obstacle: step.obstacle }))),
    ...manual.map(({ condition, command }) => `${condition}: ${command}`),
    "",
  ].join("\n");
}

if (import.meta.main) await runScript(command);
