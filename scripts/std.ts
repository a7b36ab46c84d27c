import { writeAtomic } from "../lib/base/mod.ts";
import { type Command, runMain } from "../lib/cli/mod.ts";
import { frameOptions, scriptProgram } from "./_frame.ts";

const NAMES = ["assert", "async", "cli", "fs", "yaml"];

/** Switch between the local @std packages and those of JSR. */
export const command: Command = {
  name: "std",
  summary: "Take @std from the local packages, from JSR, or from a checkout",
  args: [{ name: "WHICH", summary: "local, jsr, or the path of a checkout of denoland/std", required: true }],
  examples: [
    { command: "deno task std jsr", summary: "As published code gets them" },
    { command: "deno task std local", summary: "Back, without residue" },
  ],
  async run({ args }) {
    const which = args[0]!;
    const config = await Deno.readTextFile("deno.json");
    await writeAtomic("deno.json", setLinks(config, which));
    return { std: which };
  },
  render: (result: { readonly std: string }) => `@std comes from ${result.std} now\n`,
};

/** Replace the one line of links, so that switching back leaves the very same file. */
export function setLinks(config: string, which: string): string {
  const folders = which === "jsr" ? [] : NAMES.map((name) => which === "local" ? `./std/${name}` : `${which}/${name}`);
  return config.replace(
    /"links": \[[^\]]*\]/,
    `"links": [${folders.map((folder) => `\n    ${JSON.stringify(folder)}`).join(",")}${
      folders.length > 0 ? "\n  " : ""
    }]`,
  );
}

if (import.meta.main) await runMain(scriptProgram(command), frameOptions([command]));
