/**
 * The program `civitai-dl`. `deno run jsr:@civitai-dl/civitai-dl/cli --help` runs it without an installation.
 *
 * @module
 */
import { CONFIG_FLAG, type Program } from "./lib/cli/mod.ts";
import { VERSION } from "./lib/base/mod.ts";
import { COMMANDS } from "./scripts/_commands.ts";
import { FOREIGN_WORDS } from "./scripts/_frame/foreign_words.ts";
import { runProgram } from "./scripts/_frame/run_script.ts";

/** The whole program as data. */
export const program: Program = {
  name: "civitai-dl",
  version: VERSION,
  summary: "Keep a local library of Civitai models and images: complete, verified, sorted",
  commands: COMMANDS,
  defaultCommand: "download",
  flags: [CONFIG_FLAG],
  examples: [
    { command: "civitai-dl --user NAME", summary: "All of one creator" },
    { command: "civitai-dl download", summary: "Continue unfinished downloads" },
    { command: "civitai-dl demo", summary: "Try it without a network" },
  ],
  foreignWords: FOREIGN_WORDS,
  typoHint: (word) => `To fetch the creator of that name, use --user ${word}`,
};

if (import.meta.main) await runProgram(program);
