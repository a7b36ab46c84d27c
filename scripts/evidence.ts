import { basename, dirname, join, relative, resolve } from "node:path";
import { ensureDir } from "@std/fs";
import { formatDuration, freeSpace, KitError, listIfExists, renameFile, thisMachine } from "../lib/base/mod.ts";
import { type CommandContext, defineCommand, type Flag, type FlagsOf, Outcome, renderTable } from "../lib/cli/mod.ts";
import { type EvidenceContext, type EvidenceFile, type GateRepository, parseGateConfig } from "../lib/gate/mod.ts";
import {
  chooseSitting,
  chooseSteps,
  type EvidencePlan,
  type EvidenceStep,
  type FailedStep,
  listUnused,
  type ManualStep,
  openGitRepository,
  PHASES_FILE,
  planEvidence,
  publishReports,
  runSitting,
  stateOfStep,
  type StepState,
  type UnusedFile,
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
  {
    name: "short",
    type: "boolean",
    summary: "Two hours of stability in place of four: enough for all of its conditions but no-leak",
  },
  { name: "long", type: "boolean", summary: "Also the runs of a day and a week" },
  {
    name: "time",
    type: "duration",
    summary: "End this sitting after about this time; the next one goes on. All at once by default",
    min: "1m",
  },
  {
    name: "publish",
    type: "boolean",
    summary: "Make nothing; copy the complete reports to the output, even if others are missing",
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

/** The `evidence` task: all reports that the gate asks for and that this machine can make. */
export const command = defineCommand({
  name: "evidence",
  summary: "Make all reports that the gate asks for, in one or several sittings",
  description: [
    "Reads from config/phases.yml which reports the conditions ask for, and by which commands they are made. Says what is " +
    "to be done, how long it takes and how much disk it needs, and then runs the commands one after another. A step is " +
    "done if the gate would judge by the reports that are there: complete ones, of this commit or of one since which " +
    "nothing that they are made from has changed. Stopped runs of this commit go on, and all others are made anew. A step " +
    "that fails is listed at the end, and the next one begins.",
    "A benchmark needs a commit to compare with: the tag of phase 1, or the place where the branch left main. Without it " +
    "the step is left out, and the table says what to do first.",
    "When nothing is missing, the reports are copied to docs/evidence without white space; their digests are over the " +
    "content. Not before, because a report that is made with uncommitted changes is worth nothing; --publish copies what " +
    "there is. Files there that the gate would not accept are named. Runs of a day and a week are left out unless --long " +
    "is given. What other systems or a release have to make is listed at the end.",
  ].join("\n\n"),
  flags: FLAGS,
  examples: [
    { command: "deno task evidence --dry-run", summary: "What is missing, and what it takes" },
    { command: "deno task evidence --time 4h", summary: "A sitting of four hours; repeat it until nothing is missing" },
    { command: "deno task evidence --only paired-stability-parallel,load", summary: "Two reports" },
  ],
  excludes: [["publish", "dry-run"], ["publish", "time"], ["publish", "only"]],
  exits: {
    1: "The command of a step failed, or what is still missing cannot be made here",
    2: "No step that is missing fits into --time",
    3: "Reports are still missing: repeat it",
    4: "The working folder has uncommitted changes, or too little disk space is free",
  },
  async run(context): Promise<Outcome> {
    const { flags, display, signal } = context;
    const root = requireCheckout("evidence");
    const config = parseGateConfig(await Deno.readTextFile(join(root, PHASES_FILE)), { file: PHASES_FILE });
    const repository = await openGitRepository(config.sources, { signal, folder: root });
    const plan = planEvidence(config);
    const place = { root, repository, work: resolve(flags.workFolder), output: resolve(flags.output) };
    const { manual } = plan;
    const picked = pickSteps(plan.steps, flags);
    const planned = await readSteps(picked, place);
    if (flags.publish) return outcomeOf(planned, { manual, failed: [], ...await publish(plan, place) });
    const timeMs = flags.time ?? Infinity;
    const sitting = chooseSitting(planned.filter(canBeMade), timeMs);
    display.log(describePlan(planned, { sitting, timeMs }));
    if (flags.dryRun) return outcomeOf(planned, { manual, failed: [] });
    assertFits(planned, sitting);
    const failed = sitting.length === 0 ? [] : await sit(sitting, { context, place, planned });
    // Also of the steps that were not named.
    const isAnyMissing = (await readSteps(pickSteps(plan.steps, { ...flags, only: [] }), place)).some(canBeMade);
    const rest = isAnyMissing ? {} : await publish(plan, place);
    return outcomeOf(await readSteps(picked, place), { manual, failed, ...rest });
  },
  render: renderEvidence,
});

function pickSteps(steps: readonly EvidenceStep[], { only, short, long }: Flags): readonly EvidenceStep[] {
  const unknown = only.find((id) => !steps.some((step) => step.id === id));
  if (unknown !== undefined) {
    throw new KitError("usage", `Cannot make "${unknown}": there is no such step`, {
      hint: `There are ${steps.map(({ id }) => id).join(", ")}`,
    });
  }
  if (only.length > 0) return steps.filter(({ id }) => only.includes(id));
  return chooseSteps(steps, { isShort: short, isLong: long });
}

/** Another sitting like this one would do nothing either. */
function assertFits(planned: readonly PlannedStep[], sitting: readonly ToMake[]): void {
  const missing = planned.filter(canBeMade);
  if (missing.length === 0 || sitting.length > 0) return;
  const ids = missing.map(({ step }) => step.id).join(", ");
  const needed = formatDuration(Math.min(...missing.map(({ step }) => step.estimateMs)));
  throw new KitError("usage", `Cannot make ${ids}: not made in parts, and too long for this sitting`, {
    hint: `Give --time ${needed} or more`,
  });
}

interface SitOptions {
  readonly context: CommandContext<Flags>;
  readonly place: EvidencePlace;
  /** All steps, also those that are not part of the sitting. */
  readonly planned: readonly PlannedStep[];
}

async function sit(
  sitting: readonly ToMake[],
  { context, place, planned }: SitOptions,
): Promise<readonly FailedStep[]> {
  const { root, work } = place;
  await assertClean(sitting, place);
  await ensureDir(work);
  await assertSpace(work, sitting);
  for (const line of describeObstacles(planned)) context.display.log(line);
  const failed = await workThrough(sitting, { context, root });
  context.signal.throwIfAborted();
  return failed;
}

/** Nothing that git knows may have changed, and no source may be unknown to it. */
async function assertClean(sitting: readonly PlannedStep[], { repository }: EvidencePlace): Promise<void> {
  const { isDirty } = await describeOwnCheckout();
  if (!isDirty && repository?.isDirty !== true) return;
  const canGoOn = sitting.some(({ state }) => state === "to continue");
  throw new KitError("unsafe", "Cannot begin: the working folder has uncommitted changes", {
    hint: canGoOn
      ? "Stash them: the gate accepts no report that was made with them, and a stopped run goes on at its commit only"
      : "Commit them; the gate accepts no report that was made with them",
  });
}

async function assertSpace(work: string, sitting: readonly PlannedStep[]): Promise<void> {
  const needed = Math.max(...sitting.map(({ step }) => step.diskBytes));
  const free = await freeSpace(work);
  if (free >= needed) return;
  throw new KitError("unsafe", `Cannot begin: ${Math.floor(free / 1e9)} GB are free, ${needed / 1e9} GB wanted`, {
    hint: "Free some space, or leave out steps with --only",
  });
}

/** Run the steps one after another until the time is over; a step under way then stops if it can go on later. */
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
      signal,
      timeOver: end.signal,
      onStep: async ({ step, state, path }, index) => {
        display.log(`Step ${index + 1} of ${sitting.length}: ${step.id}, ${formatDuration(step.estimateMs)}`);
        // What is of another commit, or cannot go on, is kept under another name.
        if (state === "to make") await moveAside(path);
      },
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

/** What was done, for the result. */
interface Done extends Partial<Pick<EvidenceResult, "published" | "unused">> {
  readonly manual: readonly ManualStep[];
  readonly failed: readonly FailedStep[];
}

/**
 * Copy the reports to the output, and look at what else is there. During a sitting, files that change in the checkout
 * would spoil the reports that are made after them.
 */
async function publish(
  { steps, manual }: EvidencePlan,
  place: EvidencePlace,
): Promise<Pick<EvidenceResult, "published" | "unused">> {
  const reports = (await readSteps(steps, place)).flatMap((step) => step.reports);
  const published = await publishReports([...new Set(reports)], place.output);
  const demands = [...steps.flatMap((step) => Object.values(step.demands)), ...manual.map(({ demand }) => demand)];
  const unused = await listUnused(await readReportsIn(place.output), demands, contextOf(place));
  return { published, unused };
}

function outcomeOf(
  planned: readonly PlannedStep[],
  { failed, published = [], unused = [], ...done }: Done,
): Outcome {
  const steps = planned.map(({ step: { id, conditions, estimateMs }, state, obstacle }) => ({
    id,
    conditions,
    estimateMs,
    state,
    obstacle,
  }));
  const manual = done.manual.map(({ condition, command }) => ({ condition, command }));
  const result: EvidenceResult = { steps, failed, manual, published, unused };
  if (failed.length > 0) return new Outcome(result, 1);
  if (planned.some(canBeMade)) return new Outcome(result, 3);
  return new Outcome(result, steps.every(({ state }) => state === "done") ? 0 : 1);
}

/** A step, what is to be done for it, and where its report is. */
interface PlannedStep {
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
type ToMake = PlannedStep & { readonly state: Exclude<StepState, "done"> };

/** Where reports are made and published. */
interface EvidencePlace {
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
function contextOf({ repository }: EvidencePlace): EvidenceContext {
  return { now: Date.now(), repository, machine: thisMachine() };
}

/** Find out what is to be done for steps, by the reports in both folders. */
async function readSteps(steps: readonly EvidenceStep[], place: EvidencePlace): Promise<readonly PlannedStep[]> {
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
async function readReportsIn(folder: string): Promise<readonly EvidenceFile[]> {
  const entries = (await listIfExists(folder)).filter(({ isFile, name }) => isFile && name.endsWith(".json"));
  const paths = entries.map(({ name }) => join(folder, name)).toSorted();
  return await Promise.all(paths.map(async (name) => ({ name, text: await Deno.readTextFile(name) })));
}

/** Whether a step is to be made, and at least one of its conditions would accept the report. */
function canBeMade(planned: PlannedStep): planned is ToMake {
  return planned.state !== "done" && !isObstructed(planned.step, planned.obstacle);
}

/** Whether none of its conditions would accept the report of a step. */
function isObstructed({ conditions }: Pick<EvidenceStep, "conditions">, obstacle: Obstacle | null): boolean {
  return obstacle?.conditions.length === conditions.length;
}

/** What is there, and what was done. */
interface EvidenceResult {
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
function describeObstacles(steps: readonly Obstructed[]): readonly string[] {
  return steps.flatMap(({ step, obstacle }) => {
    if (obstacle === null) return [];
    const what = isObstructed(step, obstacle) ? "cannot be made" : `is of no use for ${obstacle.conditions.join(", ")}`;
    return [`${step.id} ${what}: ${obstacle.reason}. ${obstacle.hint}`];
  });
}

/** The steps with their states, and what this sitting takes. */
function describePlan(
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
function renderEvidence({ steps, failed, manual, published, unused }: EvidenceResult): string {
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

if (import.meta.main) await runScript(command);
