import { defineCommand, loadProgram, renderCompletions, type Shell, SHELLS } from "../lib/cli/mod.ts";

/** The `completions` command: completes the commands and flags of its program. */
export const command = defineCommand({
  name: "completions",
  group: "Program",
  permissions: "print",
  needsProgram: true,
  summary: "Print a completion script for a shell",
  args: [{ name: "SHELL", summary: "bash, zsh or fish", required: true, choices: SHELLS }],
  examples: [
    { command: 'eval "$(civitai-dl completions bash)"', summary: "In this bash" },
    { command: "civitai-dl completions fish > ~/.config/fish/completions/civitai-dl.fish", summary: "In every fish" },
  ],
  async run({ args, program }) {
    return { script: renderCompletions(await loadProgram(program), args[0] as Shell) };
  },
  isDocument: () => true,
  render: (result: { readonly script: string }) => result.script,
});
