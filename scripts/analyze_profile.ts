import { basename, extname, resolve } from "node:path";
import { KitError, writeAtomic } from "../lib/base/mod.ts";
import { defineCommand } from "../lib/cli/mod.ts";
import { compareCpuProfiles } from "../lib/profiling/mod.ts";
import { renderFlameHtml, renderFlameSvg } from "../lib/report/mod.ts";
import { prepareOutputs } from "./_frame/prepare_outputs.ts";
import { findCheckout } from "./_frame/program_form.ts";
import { runScript } from "./_frame/run_script.ts";
import { ShownReport } from "./_frame/shown_report.ts";
import { cpuPage } from "./_profiling/cpu_page.ts";
import {
  nearPath,
  outputWidth,
  readCpuReport,
  renderCpuComparison,
  renderCpuReport,
  topFunctions,
} from "./_profiling/cpu_report.ts";

const ENDINGS = [".html", ".svg"];

/** The `analyze-profile` command: what a CPU profile shows, by room, function and line. */
export const command = defineCommand({
  name: "analyze-profile",
  group: "Maintenance",
  summary: "Sum up a CPU profile by module, function and line, or compare two",
  description:
    "Reads a .cpuprofile of V8, as profile records it and Chrome DevTools saves it. Functions have their lines in the " +
    "TypeScript sources, and the lines in them on which most samples fell. Files of the project are grouped by module; npm " +
    "packages, the runtime, native code and garbage collection have groups of their own. Shares are of the busy time.\n\n" +
    "--compare shows how the shares differ from those of an earlier profile. A sample is taken about once a " +
    "millisecond, so small differences mean nothing.",
  args: [{ name: "FILE", summary: "A .cpuprofile", required: true, path: true }],
  flags: [
    { name: "compare", type: "path", summary: "An earlier profile to compare with", placeholder: "FILE" },
    { name: "top", type: "integer", summary: "Number of functions", default: 20, min: 1 },
    {
      name: "by",
      type: "choice",
      summary: "Order of the functions: own time, or time with all that they called",
      choices: ["self", "total"],
      default: "self",
    },
    {
      name: "output",
      short: "o",
      type: "path",
      summary: "Write a flame graph (.svg), or a page with it and the tables (.html)",
      placeholder: "FILE",
      multiple: true,
    },
    {
      name: "root",
      type: "path",
      summary: "Folder of the profiled project, whose files are grouped by module; this program's checkout by default",
      placeholder: "FOLDER",
    },
  ],
  worksWithoutConfig: true,
  examples: [
    { command: "civitai-dl analyze-profile reports/profiles/download-20261125-120000.cpuprofile", summary: "As text" },
    { command: "civitai-dl analyze-profile now.cpuprofile --output now.html", summary: "A page with a flame graph" },
    { command: "civitai-dl analyze-profile now.cpuprofile --compare before.cpuprofile", summary: "What has changed" },
  ],
  exits: { 2: "A file is not a CPU profile that can be read" },
  async run(context): Promise<ShownReport> {
    const { args, flags, signal, io } = context;
    const { top, by, compare } = flags;
    const outputs = flags.output.map((path) => resolve(path));
    const wrong = outputs.find((path) => !ENDINGS.includes(extname(path)));
    if (wrong !== undefined) {
      throw new KitError("usage", `Cannot write "${wrong}": the name should end with ${ENDINGS.join(" or ")}`);
    }
    const root = resolve(flags.root ?? findCheckout() ?? Deno.cwd());
    const report = await readCpuReport(args[0]!, { root, signal });
    const earlier = compare === undefined ? null : await readCpuReport(compare, { root, signal });
    const comparison = earlier === null ? null : compareCpuProfiles(earlier.analysis, report.analysis);
    await prepareOutputs(outputs);
    for (const path of outputs) {
      const title = `CPU profile ${basename(report.path)}`;
      const text = extname(path) === ".svg"
        ? renderFlameSvg(report.flame, { title })
        : renderFlameHtml(cpuPage(report, { title, comparison, by, top }));
      await writeAtomic(path, text);
    }
    const width = outputWidth(io);
    const text = [
      renderCpuReport(report, { by, top, width }),
      ...comparison === null ? [] : [`Compared with ${compare}:\n\n${renderCpuComparison(comparison, { top, width })}`],
      ...outputs.length === 0 ? [] : [`Written: ${outputs.map(nearPath).join(", ")}\n`],
    ].join("\n");
    const { functions: _, ...times } = report.analysis;
    return new ShownReport({
      file: report.path,
      ...times,
      functions: topFunctions(report.analysis, by, top),
      notes: report.notes,
      comparison: comparison === null ? null : {
        file: compare,
        groups: comparison.groups,
        functions: comparison.functions.slice(0, top),
      },
      outputs,
    }, text);
  },
  render: (shown: ShownReport) => shown.text(),
});

if (import.meta.main) await runScript(command);
