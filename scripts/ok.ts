import { defineCommand } from "../lib/cli/mod.ts";
import { nameDeno } from "./_frame/program_form.ts";
import { runScript } from "./_frame/run_script.ts";
import { judgePhase, PHASES_FILE } from "../checks/mod.ts";
import { gateOutcome } from "./_gate/gate_outcome.ts";
import { renderGate } from "./_gate/render_gate.ts";
import { ShownGate } from "./_gate/shown_gate.ts";

/**
 * The `ok` task: the checks of CI that one machine can run in minutes. CI also tests other systems, the packages and the
 * container image, and measures speed and stability for hours.
 */
export const command = defineCommand({
  name: "ok",
  summary: "Format, lint, types, docs, workflows, tests with coverage: the checks of CI that take minutes",
  flags: [
    { name: "skip-tests", type: "boolean", summary: "Everything but the tests" },
    { name: "lcov", type: "path", summary: "Also write the coverage as lcov", placeholder: "FILE" },
  ],
  async run({ flags, display, signal }) {
    const report = await judgePhase({
      phase: "1",
      signal,
      lcov: flags.lcov,
      only: ["format", "lint", "types", "documents", "workflows", ...flags.skipTests ? [] : ["tests", "coverage"]],
      onRow: (row) => display.log(`${row.id}: ${row.verdict}, ${row.measured} (${row.seconds.toFixed(1)} s)`),
    });
    return gateOutcome(new ShownGate(report, "text", PHASES_FILE));
  },
  render: (result: ShownGate, options) => nameDeno(renderGate(result.report, options)),
});

if (import.meta.main) await runScript(command);
