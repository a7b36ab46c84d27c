import { formatCount, systemEnv } from "../lib/base/mod.ts";
import { defineCommand, withExit } from "../lib/cli/mod.ts";
import { openRepository } from "../lib/git/mod.ts";
import { checkStaged, type StagedReport } from "../checks/mod.ts";
import { runHouseScript } from "./_frame/run_script.ts";

/** The `pre-commit` task, which the git hook runs: checks what is staged. */
export const command = defineCommand({
  name: "pre-commit",
  summary: "Check what is staged: format, lint and types of the changed files, and that no secret is among them",
  exits: { 1: "What is staged should not be committed" },
  async run({ signal }) {
    const { root } = await openRepository(Deno.cwd());
    const report = await checkStaged({ root, indexFile: systemEnv("GIT_INDEX_FILE"), signal });
    return withExit(report, report.problems.length === 0 ? 0 : 1);
  },
  render: ({ files, problems }: StagedReport) =>
    problems.length === 0
      ? `${formatCount(files.length, "staged file")}: format, lint, types and secrets pass\n`
      : `${problems.map(({ check, message }) => `${check}: fail\n${message}\n`).join("\n")}\n` +
        "Mend it and stage it again; git commit --no-verify skips this check\n",
});

if (import.meta.main) await runHouseScript(command);
