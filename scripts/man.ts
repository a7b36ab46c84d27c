import { type Command, defineCommand, loadProgram, type Program, renderManPage } from "../lib/cli/mod.ts";

/**
 * Make the command that prints the manual page.
 *
 * @param program The program that the page is about
 * @returns The command
 */
export function manCommand(program: Program): Command {
  return defineCommand({
    name: "man",
    group: "Program",
    summary: "Print the manual page",
    examples: [{ command: "civitai-dl man | man -l -", summary: "Read it" }],
    async run() {
      const date = new Date().toISOString().slice(0, 10);
      return { page: renderManPage(await loadProgram(program), { date }) };
    },
    isDocument: () => true,
    render: (result: { readonly page: string }) => result.page,
  });
}
