import {
  type Command,
  defineCommand,
  loadProgram,
  type Program,
  renderCompletions,
  type Shell,
  SHELLS,
} from "../lib/cli/mod.ts";

/**
 * Make the command that prints a completion script.
 *
 * @param program The program to complete commands and flags for
 * @returns The command
 */
export function completionsCommand(program: Program): Command {
  return defineCommand({
    name: "completions",
    group: "Program",
    summary: "Print a completion script for a shell",
    args: [{ name: "SHELL", summary: "bash, zsh or fish", required: true, choices: SHELLS }],
    examples: [
      { command: 'eval "$(civitai-dl completions bash)"', summary: "In this bash" },
      { command: "civitai-dl completions fish > ~/.config/fish/completions/civitai-dl.fish", summary: "In every fish" },
    ],
    async run({ args }) {
      return { script: renderCompletions(await loadProgram(program), args[0] as Shell) };
    },
    isDocument: () => true,
    render: (result: { readonly script: string }) => result.script,
  });
}
