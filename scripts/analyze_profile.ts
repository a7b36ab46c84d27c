import { resolve } from "node:path";
import { defineCommand } from "../lib/cli/mod.ts";
import { findCheckout } from "./_frame/program_form.ts";
import { runScript } from "./_frame/run_script.ts";
import { ShownReport } from "./_frame/report/shown_report.ts";
import { readCpuReport, renderCpuReport } from "./_profiling/cpu_report.ts";

/** The `analyze-profile` command: the functions of a CPU profile by their own time. */
export const command = defineCommand({
  name: "analyze-profile",
  group: "Maintenance",
  permissions: "profiling",
  summary: "List the functions of a CPU profile by their own time",
  description:
    "Reads a .cpuprofile of V8, as profile records it and Chrome DevTools saves it. Shares are of the busy time. After " +
    "an await, work counts for the function that continues. For a flame graph, open the file in Chrome DevTools or in " +
    "speedscope.",
  args: [{ name: "FILE", summary: "A .cpuprofile", required: true, path: true }],
  flags: [
    { name: "top", type: "integer", summary: "Number of functions", default: 20, min: 1 },
    {
      name: "root",
      type: "path",
      summary: "Folder of the profiled project; this program's checkout by default",
      placeholder: "FOLDER",
    },
  ],
  worksWithoutConfig: true,
  examples: [
    { command: "civitai-dl analyze-profile reports/profiles/download-20261125-120000.cpuprofile", summary: "As text" },
  ],
  exits: { 2: "The file is not a CPU profile that can be read" },
  async run({ args, flags, signal, io }): Promise<ShownReport> {
    const root = resolve(flags.root ?? findCheckout() ?? Deno.cwd());
    const report = await readCpuReport(args[0]!, { root, top: flags.top, signal });
    return new ShownReport(report, renderCpuReport(report, io));
  },
  render: (shown: ShownReport) => shown.text(),
});

if (import.meta.main) await runScript(command);
