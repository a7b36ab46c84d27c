import { KitError } from "../lib/base/mod.ts";
import { defineCommand } from "../lib/cli/mod.ts";
import {
  CHOICE_FLAGS,
  CLIENT_FLAGS,
  ENGINE_FLAGS,
  FORGET_FLAGS,
  LAYOUT_FLAGS,
  LIBRARY_FLAGS,
  RUN_LOGS_FLAGS,
  SEARCH_FLAGS,
  TARGET_FLAGS,
  TIME_EXIT,
} from "./_frame/flags.ts";
import { runScript } from "./_frame/run_script.ts";
import type { QueuedDownload } from "./_download/add_to_queue.ts";
import type { ShownDownload } from "./_download/render_plan.ts";

/** Flags whose value is a file with a list of targets. */
const LISTS = ["users", "models", "from"] as const;

/** The `download` command: plans, then downloads. */
export const command = defineCommand({
  name: "download",
  group: "Library",
  permissions: "library",
  summary: "Fetch models and images into the library",
  description:
    "Makes a plan first: what is there, what is wanted, and what is refused and why. On a terminal it asks for " +
    "confirmation; then it fetches, verifies the SHA-256 of each file and moves it to its place. The same command resumes " +
    "an interrupted run.\n\n" +
    "A TARGET is a user name, a model id, a URL of civitai.com or civitai.red, an AIR, or user:NAME, model:ID, version:ID, " +
    "hash:HEX, image:ID, post:ID. Without any, it continues the unfinished items of the catalog.\n\n" +
    "Civitai documents that every download needs an API key. Create one at https://civitai.com/user/account, and set it " +
    "with CIVITAI_API_KEY, --token-file or api_key.md. A run first checks that it is valid, at most once a day.",
  details:
    "Limits of a file's connections: 15 s to connect, 15 s for TLS, 30 s to the first byte (10 to 120 s once the host is " +
    "known), then at least 4 KiB a minute; 60 s each and 1 byte in two minutes with --engine stable. A connection that " +
    "exceeds them is closed and resumed; the total time is not limited.",
  args: [{ name: "TARGET", summary: "What to fetch", multiple: true }],
  flags: [
    ...TARGET_FLAGS,
    ...SEARCH_FLAGS,
    ...CHOICE_FLAGS,
    ...LIBRARY_FLAGS,
    ...FORGET_FLAGS,
    ...RUN_LOGS_FLAGS,
    ...LAYOUT_FLAGS,
    ...CLIENT_FLAGS,
    ...ENGINE_FLAGS,
    {
      name: "update",
      setting: "none",
      type: "boolean",
      summary: "Also fetch new versions of all other models of the library, as update does; for a nightly job",
    },
    {
      name: "queue",
      setting: "none",
      type: "boolean",
      summary: "While another run holds the library, add the targets to its queue, and end with 0",
    },
    { name: "dry-run", setting: "none", type: "boolean", summary: "Show the plan, and change nothing" },
    { name: "all", type: "boolean", summary: "Name all files of the plan and the result, not only a screen of them" },
    { name: "yes", short: "y", type: "boolean", summary: "Do not ask before fetching" },
    { name: "events", type: "boolean", summary: "Print events as JSON lines instead of a summary" },
    { name: "test-mode", setting: "none", type: "boolean", summary: "Fetch into ./test_downloads", hidden: true },
  ],
  excludes: [["queue", "dry-run"], ["engine", "force-sync-mode"], ["sfw", "max-level"], ["layout", "path-template"], [
    "json",
    "events",
  ], [
    "base-url",
    "sandbox",
  ]],
  // A target that is typed replaces those of the configuration.
  unions: [["TARGET", ...TARGET_FLAGS.map(({ name }) => name), "query", "tag"]],
  examples: [
    { command: "civitai-dl download --user NAME", summary: "All of one creator" },
    {
      command: "civitai-dl --users users.txt --latest-only",
      summary: "The newest version of all models of a list of creators",
    },
    {
      command: "civitai-dl download https://civitai.com/models/123 --layout comfyui -o ~/ComfyUI",
      summary: "One model, in the folders of ComfyUI",
    },
    {
      command: "civitai-dl download --users users.txt --update --yes",
      summary: "Every night: what is new of the creators, and of all other models",
    },
    {
      command: "civitai-dl download https://civitai.com/models/123 --queue",
      summary: "Now, or as soon as the run that is under way has time",
    },
    { command: "civitai-dl download --user NAME --dry-run --json", summary: "The plan, for a program" },
  ],
  exits: {
    1: "A file failed, or a named target is not available; the others are there, and failed.txt lists what failed",
    ...TIME_EXIT,
    6: true,
    7: true,
  },
  async run(context) {
    // The engine is imported on demand, so that `--help` starts fast.
    const [{ readTargets }, { runDownload }, { libraryModels }] = await Promise.all([
      import("./_download/targets.ts"),
      import("./_download/run_download.ts"),
      import("../lib/downloader/mod.ts"),
    ]);
    const { targets, problems } = await readTargets(context);
    // Without targets, the command continues all unfinished items. An empty list must not cause this.
    const list = LISTS.find((name) => context.sourceOf(name) !== undefined);
    if (targets.length === 0 && list !== undefined) throw emptyList(list, problems);
    return await runDownload(context, {
      command: "download",
      // The other models keep their own choices: a filter of this run, such as --type, is for its targets.
      targets: (library) => context.flags.update ? [...targets, ...libraryModels(library)] : targets,
      problems,
      queued: { targets, isUpdate: context.flags.update },
      isTestMode: context.flags.testMode,
      mustExist: targets.length === 0 && problems.length === 0,
    });
  },
  async render(result: ShownDownload | QueuedDownload, { width }) {
    if ("queued" in result) return (await import("./_download/add_to_queue.ts")).renderQueued(result);
    return (await import("./_download/render_plan.ts")).renderDownload(result, { width });
  },
});

function emptyList(flag: string, problems: readonly string[]): KitError {
  const hint = problems[0] ?? "Write one target per line";
  return new KitError("usage", `Cannot download: no target could be read from --${flag}`, { hint });
}

if (import.meta.main) await runScript(command);
