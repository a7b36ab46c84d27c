import { resolve } from "node:path";
import { EXIT_CODES } from "../lib/base/mod.ts";
import { defineCommand, withExit } from "../lib/cli/mod.ts";
import { LIBRARY_FLAGS } from "./_frame/flags.ts";
import { warnOfRebuild } from "./_frame/library/catalog_notices.ts";
import { readOutput } from "./_frame/library/choose_library.ts";
import { runScript } from "./_frame/run_script.ts";
import type { ShownMatches, ShownModel } from "./_show/render_model.ts";

/** The `show` command: all that the library knows of one model. */
export const command = defineCommand({
  name: "show",
  group: "Library",
  permissions: "local",
  summary: "Show one model of the library",
  description:
    "Shows its versions, those in the library with their files, states, sizes, hashes, trigger words and some prompts, " +
    "and what may be done with it, where it lies, and whether Civitai still has it. It reads the catalog only, and makes " +
    "no request: what it shows is from the last download or update.\n\n" +
    "A TARGET is model:ID or a bare number, version:ID, a URL of civitai.com or civitai.red, an AIR, the path of a file in " +
    "the library, a SHA-256 or another hash, or a part of the name of a model, a version or a file. If several models have " +
    "that in their names, it lists them with their ids.",
  args: [{
    name: "TARGET",
    summary: "The model, a version, a file, or a part of a name",
    multiple: true,
    required: true,
  }],
  flags: LIBRARY_FLAGS,
  exits: { 1: "The library has no such model, or several; these are listed", 7: true },
  examples: [
    { command: 'civitai-dl show "copper machines"', summary: "By a part of its name" },
    { command: "civitai-dl show https://civitai.com/models/123", summary: "By its page" },
    { command: "civitai-dl show version:456 --json", summary: "One version, for a program" },
  ],
  async run({ flags, args, signal, display }) {
    const { findModel, openLibrary, readModelDocument } = await import("../lib/downloader/mod.ts");
    const options = { command: "show", mustExist: true, readOnly: true, signal };
    using library = await openLibrary(readOutput(flags), { ...options, onUnfinished: warnOfRebuild(display) });
    const word = args.join(" ");
    const found = findModel(library, word);
    if (found.type === "several") {
      const matches: ShownMatches = { matches: found.matches };
      return withExit(matches, EXIT_CODES.failed, {
        message: `Cannot show "${word}": ${found.matches.length} models have that in their names`,
        hint: "Name one of them by its id: civitai-dl show model:ID",
      });
    }
    const { modelId, versionId, fileKey } = found;
    // The catalog has it: it was found there.
    const model = (await readModelDocument(library.catalog, modelId))!;
    const shown: ShownModel = { library: resolve(library.root), versionId, fileKey, model };
    return shown;
  },
  async render(result: ShownModel | ShownMatches, { width }) {
    const { renderMatches, renderModel } = await import("./_show/render_model.ts");
    return "matches" in result ? renderMatches(result, { width }) : renderModel(result, { width });
  },
});

if (import.meta.main) await runScript(command);
