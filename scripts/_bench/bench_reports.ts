import { extname } from "node:path";
import { KitError, writeAtomic } from "../../lib/base/mod.ts";
import { type BenchDocument, comparisonPage, summarizeSample } from "../../lib/bench/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { type BenchmarkReport, renderBenchmarkHtml, renderBenchmarkMarkdown } from "../../lib/report/mod.ts";
import { type SummaryContext, writeStepSummary } from "../_frame/step_summary.ts";

/** File extensions of reports. */
export const REPORT_ENDINGS = [".html", ".json", ".md"];

/** One entry for github-action-benchmark, which plots the history of a number. */
export interface ActionEntry {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly range: string;
  readonly extra: string;
}

/** Return the files specified by `--output`. An unknown extension is refused before anything is measured. */
export function reportPaths(
  { flags: { output: paths } }: Pick<CommandContext<{ readonly output: readonly string[] }>, "flags">,
): readonly string[] {
  const invalid = paths.find((path) => !REPORT_ENDINGS.includes(extname(path)));
  if (invalid === undefined) return paths;
  throw new KitError("usage", `Cannot write "${invalid}": its extension is not a report format`, {
    hint: `Use one of ${REPORT_ENDINGS.join(", ")}`,
  });
}

/**
 * Write a report in the format of each file's extension (`.json` contains the evidence itself), and the step summary in
 * CI.
 */
export async function writeBenchReports(
  paths: readonly string[],
  document: BenchDocument,
  context: SummaryContext,
): Promise<void> {
  for (const path of paths) {
    const isEvidence = extname(path) === ".json";
    await writeAtomic(
      path,
      isEvidence ? asJson(document) : await renderBench(path, document, comparisonPage(document)),
    );
  }
  await summarize(comparisonPage(document), context);
}

/**
 * Render a report in the format of the extension of `path`: HTML, Markdown, or JSON for github-action-benchmark.
 */
export async function renderBench(path: string, newest: BenchDocument, page: BenchmarkReport): Promise<string> {
  switch (extname(path)) {
    case ".html":
      return await renderBenchmarkHtml(page);
    case ".json":
      return asJson(actionEntries(newest));
    default:
      return renderBenchmarkMarkdown(page);
  }
}

/** Append a report to the step summary of GitHub Actions. */
export async function summarize(page: BenchmarkReport, context: SummaryContext): Promise<void> {
  await writeStepSummary(() => renderBenchmarkMarkdown(page), context);
}

/** Convert a report to one entry per benchmark, for `customSmallerIsBetter`. */
export function actionEntries(document: BenchDocument): readonly ActionEntry[] {
  return document.benchmarks.flatMap(({ name, unit, samples }) => {
    const summary = summarizeSample(samples);
    if (summary === null) return [];
    const { median, mad, n } = summary;
    return [{ name, unit, value: median, range: `± ${mad}`, extra: `n=${n} commit=${document.commit.sha}` }];
  });
}

function asJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
