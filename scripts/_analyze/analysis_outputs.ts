import { extname } from "node:path";
import { KitError, writeAtomic } from "../../lib/base/mod.ts";
import type { CommandContext, Flag } from "../../lib/cli/mod.ts";
import { renderReportHtml, renderReportMarkdown, type Report } from "../../lib/report/mod.ts";
import { prepareOutputs } from "../_frame/prepare_outputs.ts";

/** File extensions of the reports of an analysis. */
const ENDINGS = [".html", ".md", ".json"];

/** The flag that writes reports. */
export const OUTPUT_FLAG = {
  name: "output",
  short: "o",
  type: "path",
  summary: `Write a report; ends with ${ENDINGS.join(", ")}`,
  placeholder: "FILE",
  multiple: true,
} as const satisfies Flag;

/** Return the files specified by `--output`. An unknown extension is refused before anything is read. */
export function analysisPaths(
  { flags: { output: paths } }: Pick<CommandContext<{ readonly output: readonly string[] }>, "flags">,
): readonly string[] {
  const invalid = paths.find((path) => !ENDINGS.includes(extname(path)));
  if (invalid === undefined) return paths;
  throw new KitError("usage", `Cannot write "${invalid}": its extension is not a report format`, {
    hint: `Use one of ${ENDINGS.join(", ")}`,
  });
}

/**
 * Write an analysis in the format of each file's extension.
 *
 * @param paths The files; `.json` contains the analysis itself
 * @param analysis The analysis
 * @param page The same, for readers
 */
export async function writeAnalysis(
  paths: readonly string[],
  analysis: object,
  page: Report,
): Promise<void> {
  await prepareOutputs(paths);
  for (const path of paths) await writeAtomic(path, await render(path, analysis, page));
}

async function render(path: string, analysis: object, page: Report): Promise<string> {
  switch (extname(path)) {
    case ".html":
      return await renderReportHtml(page);
    case ".json":
      return `${JSON.stringify(analysis, null, 2)}\n`;
    default:
      return renderReportMarkdown(page);
  }
}
