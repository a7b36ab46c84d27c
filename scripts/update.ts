import { defineCommand } from "../lib/cli/mod.ts";
import {
  CHOICE_FLAGS,
  CLIENT_FLAGS,
  ENGINE_FLAGS,
  FORGET_FLAGS,
  LAYOUT_FLAGS,
  LIBRARY_FLAGS,
  RUN_LOGS_FLAGS,
  TIME_EXIT,
} from "./_frame/flags.ts";
import { runScript } from "./_frame/run_script.ts";
import type { ShownDownload } from "./_download/render_plan.ts";

/** The `update` command: plans every model of the library again. */
export const command = defineCommand({
  name: "update",
  group: "Library",
  permissions: "library",
  summary: "Fetch new versions of the models that are in the library",
  description: [
    "New is a version that was published after those of its model in the library, and a file or a preview image that one " +
    "of these got since. Older versions that were left out, such as by --latest-only, stay out: download fetches them.",
    "Each model is updated with the choice of its last download, such as --no-images, --latest-only or --files; flags " +
    "given here or in civitai-dl.yml replace it. A catalog that was rebuilt does not know these choices.",
    "A model, version or file that Civitai no longer has is kept, and told once by name: the run ends with 0 all the same. " +
    "list --removed shows all of them, and the sidecars say so as well.",
  ].join("\n\n"),
  flags: [
    ...CHOICE_FLAGS,
    ...LIBRARY_FLAGS,
    ...FORGET_FLAGS,
    ...RUN_LOGS_FLAGS,
    ...LAYOUT_FLAGS,
    ...CLIENT_FLAGS,
    ...ENGINE_FLAGS,
    { name: "dry-run", setting: "none", type: "boolean", summary: "Show what is new, and change nothing" },
    { name: "all", type: "boolean", summary: "Name all files of the plan and the result, not only a screen of them" },
    { name: "yes", short: "y", type: "boolean", summary: "Do not ask before fetching" },
    { name: "events", type: "boolean", summary: "Print events as JSON lines instead of a summary" },
  ],
  excludes: [["engine", "force-sync-mode"], ["sfw", "max-level"], ["layout", "path-template"], ["json", "events"], [
    "base-url",
    "sandbox",
  ]],
  exits: { ...TIME_EXIT, 6: true, 7: true },
  examples: [{ command: "civitai-dl update --dry-run", summary: "What is new" }],
  async run(context) {
    const [{ runDownload }, { listGiven }, { libraryModels }] = await Promise.all([
      import("./_download/run_download.ts"),
      import("./_download/choice.ts"),
      import("../lib/downloader/mod.ts"),
    ]);
    return await runDownload(context, {
      command: "update",
      targets: (library) => libraryModels(library, listGiven(context)),
      problems: [],
      mustExist: true,
    });
  },
  async render(result: ShownDownload, { width }) {
    return (await import("./_download/render_plan.ts")).renderDownload(result, { width });
  },
});

if (import.meta.main) await runScript(command);
