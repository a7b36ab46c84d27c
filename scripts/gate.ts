import { KitError } from "../lib/base/mod.ts";
import { type CommandContext, defineCommand, type Flag, type FlagsOf, type Outcome } from "../lib/cli/mod.ts";
import type { GatePhase } from "../lib/gate/mod.ts";
import { renderReportMarkdown, REPORT_ENDINGS } from "../lib/report/mod.ts";
import { runScript } from "./_frame/run_script.ts";
import { nameDeno, requireCheckout } from "./_frame/program_form.ts";
import { type EnteredProject, enterProject } from "./_gate/enter_project.ts";
import {
  explainCondition,
  type ExplainedCondition,
  judgePhase,
  listPhase,
  PHASES_FILE,
  TARGET_BRANCH,
} from "../checks/mod.ts";
import { gateDocument } from "./_gate/gate_document.ts";
import { gateOutcome } from "./_gate/gate_outcome.ts";
import { gatePage } from "./_gate/gate_page.ts";
import { renderConditions, renderExplanation } from "./_gate/render_conditions.ts";
import { renderGate } from "./_gate/render_gate.ts";
import { ShownGate } from "./_gate/shown_gate.ts";
import { prepareOutputs } from "./_frame/report/prepare_outputs.ts";
import { reportPaths, writeReports } from "./_frame/report/report_files.ts";
import { writeStepSummary } from "./_frame/report/step_summary.ts";

const ACTIONS = ["judge", "list", "explain"];

const FLAGS = [
  {
    name: "phase",
    setting: "none",
    type: "string",
    summary: "The phase: 1, 2, 3 or 4",
    placeholder: "N",
    example: "3",
  },
  {
    name: "only",
    setting: "none",
    type: "string",
    summary: "Only these conditions",
    placeholder: "ID",
    multiple: true,
    split: ",",
  },
  {
    name: "quick",
    setting: "none",
    type: "boolean",
    summary: "Only conditions that take minutes: also the tests of what was touched",
  },
  { name: "evidence", type: "path", summary: "Folder of the reports; ./reports by default", placeholder: "FOLDER" },
  {
    name: "target",
    setting: "none",
    type: "string",
    summary: "The branch that this is merged into, with which it is compared",
    placeholder: "BRANCH",
    default: TARGET_BRANCH,
  },
  {
    name: "phases",
    setting: "none",
    type: "path",
    summary: "Judge by the conditions of this file instead",
    placeholder: "FILE",
  },
  {
    name: "output",
    type: "path",
    summary: `Also write a report; ends with ${REPORT_ENDINGS.join(", ")}`,
    placeholder: "FILE",
    multiple: true,
  },
  { name: "resolved", setting: "none", type: "boolean", summary: "With list: include inherited conditions" },
] as const satisfies readonly Flag[];

/** Values of the flags. */
type Flags = FlagsOf<typeof FLAGS>;

/** The `gate` command: judges a phase by its conditions, or lists or explains them. */
export const command = defineCommand({
  name: "gate",
  group: "Maintenance",
  permissions: "gate",
  summary: "Judge each condition of a phase",
  description:
    "Runs the checks that can run here, reads the reports of those that take hours, and reports every condition of " +
    `${PHASES_FILE}: required, measured with bound and count, verdict, and the command that ` +
    "would produce missing evidence. Missing evidence is never a pass. list shows the conditions, explain ID explains " +
    "one. docs/gate.md explains the terms.",
  args: [
    { name: "ACTION", summary: "What to do; judge is the default", choices: ACTIONS },
    { name: "ID", summary: "With explain: id of the condition" },
  ],
  flags: FLAGS,
  examples: [
    { command: "civitai-dl gate --phase 3", summary: "Every condition of phase 3" },
    { command: "civitai-dl gate --phase 1 --quick", summary: "Before a push" },
    { command: "civitai-dl gate list --phase 3 --resolved", summary: "The conditions, inherited ones included" },
    { command: "civitai-dl gate explain timeout-rate --phase 1", summary: "What one condition means" },
  ],
  exits: {
    0: "Every condition passed",
    1: "A condition failed",
    2: "The file of phases is invalid; the message names line and column",
    3: "None failed, but evidence is missing or insufficient",
  },
  async run(context) {
    const { flags, args: [action = "judge", id] } = context;
    const project = await enterProject(context);
    const file = flags.phases === undefined ? undefined : project.path("phases", flags.phases);
    if (action === "explain") {
      if (id === undefined) throw new KitError("usage", "Cannot explain: give the condition's ID after explain");
      return await explainCondition(id, { phase: flags.phase, file });
    }
    if (id !== undefined) throw new KitError("usage", `Cannot understand "${id}" after ${action}`);
    const { phase } = flags;
    if (phase === undefined) throw new KitError("usage", `Cannot ${action}: give --phase 1, 2, 3 or 4`);
    if (action === "list") return await listPhase(phase, { isResolved: flags.resolved, file });
    return await judge(context, project, { phase, file });
  },
  render(result: ShownGate | GatePhase | ExplainedCondition, { width, color }) {
    if (result instanceof ShownGate) return nameDeno(renderGate(result.report, { width, color }));
    if ("condition" in result) return nameDeno(renderExplanation(result));
    return renderConditions(result, width);
  },
});

async function judge(
  context: CommandContext<Flags>,
  project: EnteredProject,
  { phase, file }: { readonly phase: string; readonly file: string | undefined },
): Promise<Outcome> {
  requireCheckout("gate");
  const { flags, display, signal } = context;
  const outputs = reportPaths(context).map((path) => project.path("output", path));
  await prepareOutputs(outputs);
  const { only } = flags;
  const report = await judgePhase({
    phase,
    file,
    target: flags.target,
    signal,
    isQuick: flags.quick,
    only: only.length === 0 ? undefined : only,
    evidence: flags.evidence === undefined ? null : project.path("evidence", flags.evidence),
    onCondition: (id, place) => display.log(`${place.number} of ${place.count}: ${id}`),
    onRow: ({ id, verdict, seconds }) => display.log(`${id}: ${verdict} (${seconds.toFixed(1)} s)`),
  });
  const page = gatePage(report);
  await writeReports(outputs, page, gateDocument(report));
  await writeStepSummary(() => renderReportMarkdown(page), context);
  return gateOutcome(new ShownGate(report));
}

if (import.meta.main) await runScript(command);
