import type { CommandContext } from "../../../lib/cli/mod.ts";
import { appendStepSummary } from "../../../lib/report/mod.ts";

/** The environment, which contains the path of the summary, and the display for a failure to write it. */
export type SummaryContext = Pick<CommandContext, "env" | "display">;

/**
 * Append Markdown to the step summary of GitHub Actions; a failure causes only a notice, because the result is still
 * valid.
 */
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
