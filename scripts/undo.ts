import { EXIT_CODES, formatCount, formatSize, KitError } from "../lib/base/mod.ts";
import {
  type CommandContext,
  confirm,
  defineCommand,
  type Flag,
  type FlagsOf,
  type Outcome,
  renderTable,
  withExit,
} from "../lib/cli/mod.ts";
import { type Library, openLibrary } from "../lib/downloader/mod.ts";
import { ChangeLog, type ChangeRecord, emptyTrash, hasTrash, keptUntil, undoChange } from "../lib/library/mod.ts";
import { nameLeftOut, sayEmptied, TRASH_FLAG, trashAge, undoCommand } from "./_changes/trash.ts";
import { LIBRARY_FLAGS } from "./_frame/flags.ts";
import { readOutput } from "./_frame/library/choose_library.ts";
import { runScript } from "./_frame/run_script.ts";

const FLAGS = [
  { name: "list", setting: "none", type: "boolean", summary: "Show the changes, and until when they can be undone" },
  { name: "empty", setting: "none", type: "boolean", summary: "Delete everything in the trash now" },
  { name: "dry-run", setting: "none", type: "boolean", summary: "Show the change, and undo nothing" },
  { name: "yes", short: "y", setting: "none", type: "boolean", summary: "Do not ask" },
  TRASH_FLAG,
  ...LIBRARY_FLAGS,
] as const satisfies readonly Flag[];

/** Values of the flags. */
type Flags = FlagsOf<typeof FLAGS>;

/** A change with the day until which its files can be had back. */
interface ListedChange extends ChangeRecord {
  readonly keptUntil: string | null;
}

/** What `undo --list` shows, the newest change first. */
interface ChangeList {
  readonly changes: readonly ListedChange[];
}

/** What `undo` did. */
interface UndoResult {
  /** The change; as it was before with `--dry-run` or a refusal. */
  readonly change: ListedChange;
  /** What happened: `undone`, `shown` with `--dry-run`, or `declined`. */
  readonly outcome: "undone" | "shown" | "declined";
}

/** What `undo --empty` deleted. */
interface EmptyResult {
  readonly emptied: readonly ChangeRecord[];
  readonly outcome: "emptied" | "shown" | "declined";
}

/** The `undo` command: takes a change of the library back, lists changes, and empties the trash. */
export const command = defineCommand({
  name: "undo",
  group: "Library",
  permissions: "local",
  summary: "Take back the last change of the library, or the one with this number",
  description: [
    "A change is what forget did: it moved files into the trash, and marked what is not wanted. Undoing it puts each file " +
    "back where it was, byte for byte, and the catalog is as before. Nothing is overwritten: if another file is in the " +
    "place of one, nothing is undone.",
    "Without CHANGE it shows the last change and asks. What the trash has no more stays away, and is named; the mark is " +
    "taken back all the same, so that download fetches it again.",
  ].join("\n\n"),
  args: [{ name: "CHANGE", summary: "Number of the change; the last one without it" }],
  flags: FLAGS,
  excludes: [["list", "empty"], ["list", "dry-run"], ["list", "yes"]],
  exits: {
    1: "A file could not be put back",
    4: "Another file is in the place of one, or another run holds the library: nothing was changed",
    7: true,
  },
  examples: [
    { command: "civitai-dl undo", summary: "The last change, after a question" },
    { command: "civitai-dl undo --list", summary: "What can be undone, and until when" },
    { command: "civitai-dl undo --empty --yes", summary: "Free the space of the trash now" },
  ],
  async run(context): Promise<ChangeList | UndoResult | EmptyResult | Outcome> {
    const { flags, args: [word], signal } = context;
    const id = word === undefined ? null : readNumber(word);
    if (id !== null && (flags.list || flags.empty)) {
      throw new KitError("usage", "Cannot use a number here: --list and --empty are about all changes");
    }
    using library = await openLibrary(readOutput(flags), {
      command: "undo",
      waitMs: flags.wait,
      mustExist: true,
      readOnly: flags.list || flags.dryRun,
      signal,
      ...flags.list || flags.dryRun ? { onUnfinished: () => {} } : {},
    });
    const log = new ChangeLog(library.root);
    if (flags.list) return { changes: (await log.list()).map((record) => toListed(record, flags)) };
    if (flags.empty) return await empty(library, context);
    const record = id === null ? await findLast(log) : (await log.find(id)).record;
    return await undo(library, record, context);
  },
  render(result: ChangeList | UndoResult | EmptyResult, { width }) {
    if ("changes" in result) return renderChanges(result, width);
    if ("emptied" in result) return renderEmptied(result);
    return renderUndo(result);
  },
});

function readNumber(word: string): number {
  if (/^[1-9]\d{0,14}$/.test(word)) return Number(word);
  throw new KitError("usage", `Cannot undo "${word}": it is no number of a change`, {
    hint: "civitai-dl undo --list shows the numbers",
  });
}

async function findLast(log: ChangeLog): Promise<ChangeRecord> {
  const applied = (await log.list()).filter(({ state }) => state !== "undone");
  const [last] = applied.toSorted((a, b) => b.id - a.id);
  if (last !== undefined) return last;
  throw new KitError("usage", "Cannot undo: the library has no change that could be undone", {
    hint: "Only what forget did can be undone",
  });
}

function toListed(record: ChangeRecord, flags: Pick<Flags, "trashDays">): ListedChange {
  return { ...record, keptUntil: keptUntil(record, trashAge(flags)) };
}

async function undo(
  library: Library,
  record: ChangeRecord,
  context: CommandContext<Flags>,
): Promise<UndoResult | Outcome> {
  const { flags, args, display, signal } = context;
  const before = toListed(record, flags);
  if (flags.dryRun) return { change: before, outcome: "shown" };
  const isNamed = args.length > 0;
  if (!isNamed && !flags.yes && !await ask(context, describeChange(before), "Undo it?")) {
    return { change: before, outcome: "declined" };
  }
  using area = display.openStatus();
  const undone = await undoChange(library, record.id, {
    signal,
    onProgress: ({ files, totalFiles, path }) => area.update([`${files}/${totalFiles} files: ${path}`]),
  });
  const result: UndoResult = { change: toListed(undone, flags), outcome: "undone" };
  const [first] = undone.leftOut;
  // Whoever takes back what was emptied long ago expects no files.
  if (first === undefined || undone.emptiedAt !== null) return result;
  const message = `${formatCount(undone.leftOut.length, "file")} could not be put back: ${first.path} ${first.reason}`;
  return withExit(result, EXIT_CODES.failed, { message });
}

/** Show something and ask about it; without a terminal, say which flag answers. */
async function ask(
  { io, display, signal }: CommandContext<Flags>,
  shown: string,
  question: string,
): Promise<boolean> {
  if (!io.inIsTerminal || !io.errIsTerminal || display.json) {
    throw new KitError("usage", `Cannot ask "${question}": there is no terminal`, {
      hint: `${shown}. Give --yes to do it without a question`,
    });
  }
  display.log(shown);
  return await confirm(io, question, { signal });
}

async function empty(library: Library, context: CommandContext<Flags>): Promise<EmptyResult> {
  const { flags } = context;
  const full = (await new ChangeLog(library.root).list()).filter(hasTrash);
  if (flags.dryRun) return { emptied: full, outcome: "shown" };
  if (full.length > 0 && !flags.yes) {
    const bytes = full.reduce((sum, { trashBytes }) => sum + trashBytes, 0);
    const shown = `The trash has ${formatSize(bytes)} of ${formatCount(full.length, "change")}`;
    const isWanted = await ask(context, shown, "Delete it? Nothing can bring it back");
    if (!isWanted) return { emptied: [], outcome: "declined" };
  }
  return { emptied: await emptyTrash(library.root, { olderThanMs: 0 }), outcome: "emptied" };
}

function describeChange({ id, title, createdAt, files, bytes }: ChangeRecord): string {
  const moved = files === 0 ? "no files" : `${formatCount(files, "file")} (${formatSize(bytes)})`;
  return `Change ${id} of ${createdAt.slice(0, 16).replace("T", " ")}: ${title}, ${moved}`;
}

function renderUndo({ change, outcome }: UndoResult): string {
  if (outcome === "declined") return "Nothing was undone\n";
  if (outcome === "shown") return `${[describeChange(change), ...sayLimit(change)].join("\n")}\n`;
  const lines = [`Undone: ${describeChange(change)}`, ...nameLeftOut("Not put back", change.leftOut)];
  if (change.emptiedAt !== null) {
    lines.push(
      `Its trash was emptied on ${change.emptiedAt.slice(0, 10)}: what is wanted again has to be downloaded again`,
    );
  }
  return `${lines.join("\n")}\n`;
}

/** Say until when a change can be undone, or why it cannot. */
function sayLimit({ state, keptUntil: until, emptiedAt, changedAt, leftOut }: ListedChange): readonly string[] {
  if (state === "undone") return [`It was undone on ${changedAt.slice(0, 10)}`];
  if (emptiedAt !== null) {
    return [`Its trash was emptied on ${emptiedAt.slice(0, 10)}: only the marks can be taken back`];
  }
  const limit = until === null ? [] : [`The trash keeps its files until ${until}`];
  return [...limit, ...nameLeftOut("Was not done", leftOut)];
}

function renderChanges({ changes }: ChangeList, width: number): string {
  if (changes.length === 0) return "No command has changed the library in a way that undo could take back\n";
  const table = renderTable(changes, [
    { title: "CHANGE", value: ({ id }) => id, align: "right" },
    { title: "DATE", value: ({ createdAt }) => createdAt.slice(0, 10) },
    { title: "FILES", value: ({ files }) => files, align: "right" },
    { title: "IN TRASH", value: ({ trashBytes }) => trashBytes === 0 ? "" : formatSize(trashBytes), align: "right" },
    { title: "UNTIL", value: sayState },
    { title: "WHAT", value: ({ title }) => title },
  ], { width });
  const last = changes.find(({ state }) => state === "applied");
  return last === undefined ? table : `${table}Undo one with its number, such as: ${undoCommand(last.id)}\n`;
}

function sayState({ state, keptUntil: until, emptiedAt }: ListedChange): string {
  if (state === "undone") return "undone";
  if (state !== "applied") return "unfinished";
  if (emptiedAt !== null) return "marks only";
  return until ?? "always";
}

function renderEmptied({ emptied, outcome }: EmptyResult): string {
  if (outcome === "declined") return "Nothing was deleted\n";
  if (emptied.length === 0) return "The trash is empty\n";
  if (outcome === "emptied") return `${sayEmptied(emptied).join("\n")}\n`;
  return `${emptied.map((record) => `Would delete the trash of: ${describeChange(record)}`).join("\n")}\n`;
}

if (import.meta.main) await runScript(command);
