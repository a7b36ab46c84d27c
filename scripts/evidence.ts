import { basename, dirname, join, resolve } from "node:path";
import { ensureDir } from "@std/fs";
import { formatDuration, freeSpace, KitError, renameFile } from "../lib/base/mod.ts";
import { type CommandContext, defineCommand, type Flag, type FlagsOf, Outcome } from "../lib/cli/mod.ts";
import { parseGateConfig } from "../lib/gate/mod.ts";
import {
  chooseSitting,
  chooseSteps,
  type EvidenceStep,
  type FailedStep,
  type ManualStep,
  openGitRepository,
  PHASES_FILE,
  planEvidence,
  runSitting,
} from "../checks/mod.ts";
import { canBeMade, type EvidencePlace, type PlannedStep, readSteps, type ToMake } from "./_evidence/planned_step.ts";
import { publishEvidence } from "./_evidence/publish_evidence.ts";
import { describeObstacles, describePlan, type EvidenceResult, renderEvidence } from "./_evidence/render_evidence.ts";
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
    summary: "Make nothing; copy the complete reports to the output, and draw its tables, even if others are missing",
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
    "there is. A report of the gate that lies beside them is copied too, and the tables of docs/evidence/README.md and of " +
    "its Japanese twin are drawn from all that is there. Files there that the gate would not accept are named.",
    "Runs of a day and a week are left out unless --long is given. What other systems or a release have to make is listed " +
    "at the end.",
  ].join("\n\n"),
  flags: FLAGS,
  examples: [
    { command: "deno task evidence --dry-run", summary: "What is missing, and what it takes" },
    { command: "deno task evidence --time 4h", summary: "A sitting of four hours; repeat it until nothing is missing" },
    { command: "deno task evidence --only paired-stability-parallel,load", summary: "Two reports" },
    { command: "deno task evidence --publish", summary: "Copy what there is, and draw the tables" },
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
    if (flags.publish) return outcomeOf(planned, { manual, failed: [], ...await publishEvidence(plan, config, place) });
    const timeMs = flags.time ?? Infinity;
    const sitting = chooseSitting(planned.filter(canBeMade), timeMs);
    display.log(describePlan(planned, { sitting, timeMs }));
    if (flags.dryRun) return outcomeOf(planned, { manual, failed: [] });
    assertFits(planned, sitting);
    const failed = sitting.length === 0 ? [] : await sit(sitting, { context, place, planned });
    // Also of the steps that were not named.
    const isAnyMissing = (await readSteps(pickSteps(plan.steps, { ...flags, only: [] }), place)).some(canBeMade);
    const rest = isAnyMissing ? {} : await publishEvidence(plan, config, place);
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

if (import.meta.main) await runScript(command);
