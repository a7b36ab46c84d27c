import { CONFIG_FLAG, type LoadedProgram, runMain } from "./lib/cli/mod.ts";
import { VERSION } from "./lib/base/mod.ts";
import { frameOptions } from "./scripts/_frame.ts";
import { command as benchmark } from "./scripts/benchmark.ts";
import { command as completions } from "./scripts/completions.ts";
import { command as config } from "./scripts/config.ts";
import { command as demo } from "./scripts/demo.ts";
import { command as download } from "./scripts/download.ts";
import { command as list } from "./scripts/list.ts";
import { command as man } from "./scripts/man.ts";
import { command as repair } from "./scripts/repair.ts";
import { command as sandbox } from "./scripts/sandbox.ts";
import { command as search } from "./scripts/search.ts";
import { command as update } from "./scripts/update.ts";
import { command as verify } from "./scripts/verify.ts";

/** The whole program as data. */
export const program: LoadedProgram = {
  name: "civitai-dl",
  version: VERSION,
  summary: "Keep a local library of Civitai models and images: complete, verified, sorted",
  commands: [download, update, verify, repair, search, list, demo, sandbox, benchmark, config, completions, man],
  defaultCommand: "download",
  flags: [CONFIG_FLAG],
  examples: [
    { command: "civitai-dl --user NAME", summary: "All of one creator" },
    { command: "civitai-dl", summary: "Go on with what is unfinished" },
    { command: "civitai-dl demo", summary: "See it work, without a network" },
  ],
  typoHint: (word) => `To fetch the creator of that name, give --user ${word}`,
};

if (import.meta.main) await runMain(program, frameOptions(() => Promise.resolve(program.commands)));
