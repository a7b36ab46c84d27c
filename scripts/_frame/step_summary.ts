import type { CommandContext } from "../../lib/cli/mod.ts";
import { appendStepSummary } from "../../lib/report/mod.ts";

/** Where a summary is asked for, and where it is told that there is none. */
export type SummaryContext = Pick<CommandContext, "env" | "display">;

/** Show Markdown where GitHub Actions asks for it; where that cannot be written, the result still counts. */
export async function writeStepSummary(render: () => string, { env, display }: SummaryContext): Promise<void> {
  const path = env("GITHUB_STEP_SUMMARY");
  if (path === undefined) return;
  const markdown = render();
  try {
    await appendStepSummary(path, markdown);
  } catch (error) {
    display.notice(`Cannot write the step summary "${path}": ${error instanceof Error ? error.message : error}`);
  }
}
