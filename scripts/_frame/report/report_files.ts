import { extname } from "node:path";
import { KitError, writeAtomic } from "../../../lib/base/mod.ts";
import type { CommandContext } from "../../../lib/cli/mod.ts";
import { renderReportFor, type Report, REPORT_ENDINGS } from "../../../lib/report/mod.ts";

/** Return the files specified by `--output`. An unknown extension is refused before anything is read or measured. */
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
 * Write a report in the format of each file's extension.
 *
 * @param paths The files, as {@linkcode reportPaths} returns them
 * @param json What a `.json` file contains
 */
export async function writeReports(paths: readonly string[], report: Report, json: object): Promise<void> {
  for (const path of paths) await writeAtomic(path, renderReportFor(path, report, json));
}
