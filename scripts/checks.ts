import { defineCommand } from "../lib/cli/mod.ts";
import { runScript } from "./_frame/run_script.ts";
import { enterProject } from "./_gate/enter_project.ts";
import { judgePhase, listOwnEntries, listPhase, runDeno } from "../checks/mod.ts";
import { gateOutcome } from "./_gate/gate_outcome.ts";
import { renderGate } from "./_gate/render_gate.ts";
import { ShownGate } from "./_gate/shown_gate.ts";
import { nameDeno, requireCheckout } from "./_frame/program_form.ts";

const PHASE = "1";
const FAST = ["format", "lint", "types", "documents", "workflows"];
const SLOW = ["tests", "coverage"];

/** The `checks` command, and the `ok` task: the checks of CI that one machine can run in minutes. */
export const command = defineCommand({
  name: "checks",
  group: "Maintenance",
  permissions: "gate",
  summary: "Check format, lint, types, documents, workflows, tests and coverage",
  description:
    "These are conditions of the gate's first phase, as far as the project has them. Without --fix it writes " +
    "nothing into the project. CI also tests other systems, the packages and the container image, and measures speed and " +
    "stability for hours.",
  flags: [
    { name: "fix", setting: "none", type: "boolean", summary: "First format, and apply the fixes of the linter" },
    { name: "skip-tests", setting: "none", type: "boolean", summary: "Everything but the tests" },
    { name: "lcov", setting: "none", type: "path", summary: "Also write the coverage as lcov", placeholder: "FILE" },
    {
      name: "phases",
      setting: "none",
      type: "path",
      summary: "Judge by the conditions of this file instead",
      placeholder: "FILE",
    },
  ],
  examples: [
    { command: "civitai-dl checks", summary: "Before a merge" },
    { command: "civitai-dl checks --fix", summary: "The same, after automatic fixes" },
    { command: "civitai-dl checks --skip-tests", summary: "Before a push" },
  ],
  exits: { 1: "A check failed", 3: "A check could not be run" },
  async run(context) {
    requireCheckout("checks");
    const { flags, display, signal } = context;
    const project = await enterProject(context);
    const file = flags.phases === undefined ? undefined : project.path("phases", flags.phases);
    const known = (await listPhase(PHASE, { isResolved: true, file })).conditions.map(({ id }) => id);
    if (flags.fix) {
      // The linter's corrections must be formatted. Problems that it cannot correct are reported below.
      await runDeno(["lint", "-q", "--fix"], { signal });
      await runDeno(["fmt", "-q", ...await listOwnEntries(signal)], { signal });
    }
    const report = await judgePhase({
      file,
      phase: PHASE,
      signal,
      lcov: flags.lcov === undefined ? undefined : project.path("lcov", flags.lcov),
      only: [...FAST, ...flags.skipTests ? [] : SLOW].filter((id) => known.includes(id)),
      onRow: (row) => display.log(`${row.id}: ${row.verdict}, ${row.measured} (${row.seconds.toFixed(1)} s)`),
    });
    return gateOutcome(new ShownGate(report));
  },
  render: (result: ShownGate, options) => nameDeno(renderGate(result.report, options)),
});

if (import.meta.main) await runScript(command);
