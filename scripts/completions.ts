import { defineCommand, loadProgram, renderCompletions, type Shell, SHELLS } from "../lib/cli/mod.ts";
import { runScript } from "./_frame/run_script.ts";

/** Print a completion script. */
export const command = defineCommand({
  name: "completions",
  group: "Program",
  summary: "Print a completion script for a shell",
  args: [{ name: "SHELL", summary: "bash, zsh or fish", required: true, choices: SHELLS }],
  examples: [
    { command: 'eval "$(civitai-dl completions bash)"', summary: "In this bash" },
    { command: "civitai-dl completions fish > ~/.config/fish/completions/civitai-dl.fish", summary: "In every fish" },
  ],
  async run({ args }) {
    const program = await loadProgram((await import("../cli.ts")).program);
    return { script: renderCompletions({ ...program, commands: program.commands }, args[0] as Shell) };
  },
  render: (result: { readonly script: string }) => result.script,
});

if (import.meta.main) runScript(command);
