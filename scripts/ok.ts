import { defineCommand, withExit } from "../lib/cli/mod.ts";
import { runScript } from "./_frame/run_script.ts";
import { judgePhase, PHASES_FILE } from "../checks/mod.ts";
import { renderGate } from "./_gate/render_gate.ts";
import { ShownGate } from "./_gate/shown_gate.ts";

const EXITS = { pass: 0, fail: 1, inconclusive: 3 } as const;

/** The `ok` task: everything that CI runs, which is `checks` and the check of the documents. */
export const command = defineCommand({
  name: "ok",
  summary: "Format, lint, types, docs, tests with coverage: everything that CI runs",
  flags: [{ name: "skip-tests", type: "boolean", summary: "Everything but the tests" }],
  async run({ flags, display, signal }) {
    const report = await judgePhase({
      phase: "1",
      signal,
      only: ["format", "lint", "types", "documents", ...flags.skipTests ? [] : ["tests", "coverage"]],
      onRow: (row) => display.log(`${row.id}: ${row.verdict}, ${row.measured} (${row.seconds.toFixed(1)} s)`),
    });
    return withExit(new ShownGate(report, "text", PHASES_FILE), EXITS[report.verdict]);
  },
  render: (result: ShownGate, options) => renderGate(result.report, options),
});

if (import.meta.main) await runScript(command);
