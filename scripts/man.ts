import { defineCommand, loadProgram, renderManPage } from "../lib/cli/mod.ts";
import { runScript } from "./_frame/run_script.ts";

/** Print the manual page. */
export const command = defineCommand({
  name: "man",
  group: "Program",
  summary: "Print the manual page",
  examples: [{ command: "civitai-dl man | man -l -", summary: "Read it" }],
  async run() {
    const program = await loadProgram((await import("../cli.ts")).program);
    return { page: renderManPage(program, { date: new Date().toISOString().slice(0, 10) }) };
  },
  render: (result: { readonly page: string }) => result.page,
});

if (import.meta.main) runScript(command);
