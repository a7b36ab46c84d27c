import { defineCommand, loadProgram, renderManPage } from "../lib/cli/mod.ts";

/** The `man` command: prints the manual page of its program. */
export const command = defineCommand({
  name: "man",
  group: "Program",
  permissions: "print",
  needsProgram: true,
  summary: "Print the manual page",
  examples: [{ command: "civitai-dl man | man -l -", summary: "Read it" }],
  async run({ program }) {
    const date = new Date().toISOString().slice(0, 10);
    return { page: renderManPage(await loadProgram(program), { date }) };
  },
  isDocument: () => true,
  render: (result: { readonly page: string }) => result.page,
});
