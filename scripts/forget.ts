import { formatCount, formatSize, KitError } from "../lib/base/mod.ts";
import { type CommandContext, defineCommand, type Flag, type FlagsOf, renderTable } from "../lib/cli/mod.ts";
import {
  findForgettable,
  forget,
  type ForgetPlan,
  type ForgetTargetPlan,
  type Library,
  nameForgotten,
  openLibrary,
  planForget,
} from "../lib/downloader/mod.ts";
import { type ChangeRecord, type ForgottenMark, keptUntil, readForgotten } from "../lib/library/mod.ts";
import { nameFiles, nameLeftOut, sayEmptied, TRASH_FLAG, trashAge, undoCommand } from "./_changes/trash.ts";
import { LIBRARY_FLAGS } from "./_frame/flags.ts";
import { readOutput } from "./_frame/library/choose_library.ts";
import { runScript } from "./_frame/run_script.ts";

const FLAGS = [
  { name: "keep-files", type: "boolean", summary: "Leave the files where they are; only fetch nothing of it any more" },
  { name: "list", setting: "none", type: "boolean", summary: "Show what is forgotten, and since when" },
  { name: "dry-run", setting: "none", type: "boolean", summary: "Name the files with their sizes, and change nothing" },
  TRASH_FLAG,
  ...LIBRARY_FLAGS,
] as const satisfies readonly Flag[];

/** Values of the flags. */
type Flags = FlagsOf<typeof FLAGS>;

/** What `forget` did, or would do. */
interface ForgetResult extends Omit<ForgetPlan, "change"> {
  readonly dryRun: boolean;
  /** Number of the change; `null` if there was nothing to do, or with `--dry-run`. */
  readonly change: number | null;
  /** Day until which the files can be had back; `null` if the trash has none of them. */
  readonly keptUntil: string | null;
  /** Changes whose files were deleted from the trash, since they were there for long enough. */
  readonly emptied: readonly ChangeRecord[];
}

/** What `forget --list` shows. */
interface ForgottenList {
  readonly forgotten: readonly ForgottenMark[];
}

/** The `forget` command: marks models, versions, files and creators as not wanted, and puts their files into the trash. */
export const command = defineCommand({
  name: "forget",
  group: "Library",
  permissions: "local",
  summary: "Do without a model, a version, a file or a creator from now on",
  description: [
    "What is forgotten is not planned again: not by update, not by download of a creator or a search, and not by the page; " +
    "a download that names it says so, and fetches nothing of it. Its files go into the trash of the library, with their " +
    "sidecars and previews. That also holds for what you have deleted by hand: verify stops reporting it.",
    "A TARGET is what download takes, such as model:1, version:1, user:NAME or a URL, or the path of a file of the library. " +
    "A file that is not the one that was downloaded any more stays where it is.",
    "undo takes it all back. The trash keeps the files for --trash-days; after that, undo only takes the mark back.",
  ].join("\n\n"),
  args: [{ name: "TARGET", summary: "What to forget: a target of download, or a path", multiple: true }],
  flags: FLAGS,
  excludes: [["list", "dry-run"], ["list", "keep-files"]],
  exits: { 4: "A file was changed meanwhile, or another run holds the library: nothing was changed", 7: true },
  examples: [
    { command: "civitai-dl forget model:123 --dry-run", summary: "What would go" },
    { command: "civitai-dl forget user:NAME", summary: "All models and images of a creator" },
    { command: "civitai-dl forget models/old.safetensors", summary: "One file" },
    { command: "civitai-dl forget --list", summary: "What is forgotten" },
  ],
  async run(context): Promise<ForgetResult | ForgottenList> {
    const { flags, args } = context;
    if (flags.list && args.length > 0) {
      throw new KitError("usage", "Cannot list and forget at once", { hint: "Leave --list or the targets out" });
    }
    if (flags.list) return await listForgotten(context);
    if (args.length === 0) {
      throw new KitError("usage", "Cannot forget: no target", {
        hint: "Name what to do without, such as model:123; --list shows what is forgotten",
      });
    }
    using library = await openLibrary(readOutput(flags), {
      command: "forget",
      waitMs: flags.wait,
      mustExist: true,
      scratch: flags.dryRun,
      signal: context.signal,
    });
    return await forgetOrShow(library, context);
  },
  render(result: ForgetResult | ForgottenList, { width }) {
    return "forgotten" in result ? renderList(result, width) : renderForget(result);
  },
});

async function listForgotten({ flags, signal }: CommandContext<Flags>): Promise<ForgottenList> {
  const options = { command: "forget", mustExist: true, readOnly: true, signal, onUnfinished: () => {} };
  using library = await openLibrary(readOutput(flags), options);
  const forgotten = readForgotten(library.catalog).list();
  return { forgotten: forgotten.toSorted((a, b) => b.change - a.change) };
}

async function forgetOrShow(
  library: Library,
  { flags, args, display, signal }: CommandContext<Flags>,
): Promise<ForgetResult> {
  const { keepFiles, dryRun } = flags;
  const forgettable = args.flatMap((word) => findForgettable(library, word));
  if (dryRun) {
    const { change: _, ...plan } = await planForget(library, forgettable, { keepFiles });
    return { ...plan, dryRun, change: null, keptUntil: null, emptied: [] };
  }
  using area = display.openStatus();
  const { change, ...summary } = await forget(library, forgettable, {
    keepFiles,
    trashMs: trashAge(flags),
    signal,
    onProgress: ({ files, totalFiles, path }) => area.update([`${files}/${totalFiles} files: ${path}`]),
  });
  const until = change === null ? null : keptUntil(change, trashAge(flags));
  return { ...summary, dryRun, change: change?.id ?? null, keptUntil: until };
}

function renderForget(result: ForgetResult): string {
  const { targets, files, kept, goneFiles, dryRun, change, emptied } = result;
  const verb = dryRun ? "Would forget" : "Forgotten";
  const lines = targets.map((target) => `${target.isNew ? verb : "Forgotten before"}: ${nameForgotten(target)}`);
  if (files.length > 0) {
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const what = `${formatCount(files.length, "file")} (${formatSize(bytes)})`;
    // What is done can be seen in the trash.
    lines.push(...dryRun ? [`Would go into the trash: ${what}`, ...nameFiles(files)] : [`In the trash: ${what}`]);
  }
  if (goneFiles > 0) lines.push(`${formatCount(goneFiles, "file was", "files were")} gone already`);
  lines.push(...nameLeftOut("Kept", kept), ...sayEmptied(emptied));
  if (change !== null) lines.push(sayUndo(result, change));
  else if (!dryRun && targets.every(({ isNew }) => !isNew)) lines.push(sayAgain(targets));
  return `${lines.join("\n")}\n`;
}

function sayUndo({ keptUntil: until }: ForgetResult, change: number): string {
  const limit = until === null ? "" : `; the trash keeps the files until ${until}`;
  return `To take it back: ${undoCommand(change)}${limit}`;
}

function sayAgain(targets: readonly ForgetTargetPlan[]): string {
  return `Nothing is left of ${
    targets.length === 1 ? "it" : "them"
  }; civitai-dl forget --list says how to take it back`;
}

function renderList({ forgotten }: ForgottenList, width: number): string {
  if (forgotten.length === 0) return "Nothing is forgotten\n";
  const table = renderTable(forgotten, [
    { title: "CHANGE", value: ({ change }) => change, align: "right" },
    { title: "SINCE", value: ({ at }) => at.slice(0, 10) },
    { title: "TARGET", value: ({ target }) => target },
    { title: "NAME", value: ({ name }) => name ?? "" },
  ], { width });
  return `${table}To take one of them back, undo its change, such as: ${undoCommand(forgotten[0]!.change)}\n`;
}

if (import.meta.main) await runScript(command);
