import { basename } from "node:path/posix";
import { formatCount, formatSize } from "../lib/base/mod.ts";
import { type Column, defineCommand, renderTable, shortenPath, textWidth } from "../lib/cli/mod.ts";
import { type LibraryRow, listLibrary, openLibrary } from "../lib/downloader/mod.ts";
import type { ItemTotals } from "../lib/library/mod.ts";
import { LIBRARY_FLAGS, TYPE_FLAG } from "./_frame/flags.ts";
import { warnOfRebuild } from "./_frame/library/catalog_notices.ts";
import { readOutput } from "./_frame/library/choose_library.ts";
import { runScript } from "./_frame/run_script.ts";
import { sayConfigured } from "./_frame/say_configured.ts";

interface ListResult extends Disposable {
  /** Rows, read lazily while they are written: a library may contain hundreds of thousands of items. */
  readonly items: Iterable<LibraryRow>;
  readonly totals: ItemTotals;
}

/** The `list` command: shows items of the catalog. */
export const command = defineCommand({
  name: "list",
  group: "Library",
  permissions: "local",
  summary: "Show what the catalog holds",
  args: [{ name: "TEXT", summary: "Words in the path or the names", multiple: true }],
  flags: [
    { name: "creator", type: "string", summary: "Of this creator", placeholder: "NAME" },
    { ...TYPE_FLAG, summary: "Of these model types" },
    { name: "base-model", type: "string", summary: "Of base models that contain this", multiple: true, split: "," },
    {
      name: "state",
      type: "choice",
      summary: "In this state",
      choices: ["planned", "done", "deferred", "refused", "failed", "corrupted"],
      multiple: true,
    },
    {
      name: "kind",
      type: "choice",
      summary: "Of this kind",
      choices: ["file", "preview", "gallery", "image"],
      multiple: true,
      default: ["file"],
    },
    { name: "model", type: "integer", summary: "Of this model", min: 1 },
    { name: "limit", type: "integer", summary: "Maximum number of rows", default: 100, min: 0 },
    ...LIBRARY_FLAGS,
  ],
  exits: { 7: true },
  examples: [
    { command: "civitai-dl list --state failed", summary: "Failed items" },
    { command: "civitai-dl list --type LORA --json", summary: "For a program" },
  ],
  async run({ flags, args, signal, display, sourceOf }) {
    const { creator, type, state, kind, model } = flags;
    const filters = { creator, type, "base-model": flags.baseModel, state, kind, model, limit: flags.limit };
    sayConfigured({ sourceOf, display }, filters);
    using stack = new DisposableStack();
    const options = { command: "list", mustExist: true, readOnly: true, signal };
    const onUnfinished = warnOfRebuild(display);
    const library = stack.use(await openLibrary(readOutput(flags), { ...options, onUnfinished }));
    const listing = listLibrary(library, {
      creator: flags.creator,
      types: flags.type,
      baseModels: flags.baseModel,
      states: given(flags.state),
      kinds: given(flags.kind),
      modelId: flags.model,
      text: args.join(" "),
    });
    const totals = listing.totals();
    const open = stack.move();
    const result: ListResult = {
      items: { [Symbol.iterator]: () => Iterator.from(listing).take(flags.limit) },
      totals,
      [Symbol.dispose]: () => open.dispose(),
    };
    return result;
  },
  render({ items: rows, totals }: ListResult, { width }) {
    const items = [...rows];
    const states = Object.entries(totals.byState).filter(([, total]) => total.count > 0);
    const sums = states.map(([state, total]) => `${total.count} ${state} (${formatSize(total.bytes)})`).join(", ");
    const rest = totals.count > items.length ? `; ${items.length} shown, more with --limit` : "";
    const table = items.length === 0 ? "" : renderTable(items, columnsFor(items, width), { width });
    return `${table}${formatCount(totals.count, "item")}${sums === "" ? "" : `: ${sums}`}${rest}\n`;
  },
});

/** Names of files up to this width make the other columns narrower; longer ones exceed the width. */
const MAX_NAME_WIDTH = 36;
/** The outcome of a done file that says nothing more. */
const THERE = "already there";
/** Columns up to this width are aligned in a pipe. */
const PAD_WIDTH = 32;

/** The path comes last, because it may be long; a narrow terminal has no room for names that most paths contain. */
function columnsFor(items: readonly LibraryRow[], width: number): readonly Column<LibraryRow>[] {
  const columns: Column<LibraryRow>[] = [
    { title: "STATE", value: (row) => row.state },
    { title: "SIZE", value: (row) => row.sizeBytes === null ? "" : formatSize(row.sizeBytes), align: "right" },
    { title: "MODEL", value: (row) => row.modelId ?? "", align: "right" },
    { title: "VERSION", value: (row) => row.versionId ?? "", align: "right" },
  ];
  const why = ({ state, outcome }: LibraryRow): string => outcome === state || outcome === THERE ? "" : outcome ?? "";
  const hasWhy = width >= 70 && items.some((row) => why(row) !== "");
  if (hasWhy) columns.splice(1, 0, { title: "WHY", value: why, minWidth: 6 });
  if (width >= 100) columns.push({ title: "CREATOR", value: (row) => row.creator ?? "", padWidth: PAD_WIDTH });
  if (width >= 70) columns.push({ title: "NAME", value: nameOf, padWidth: PAD_WIDTH, minWidth: 6 });
  const longest = Math.max(...items.map(({ path }) => textWidth(basename(path)) + "…/".length));
  const minWidth = Math.min(longest, MAX_NAME_WIDTH);
  columns.push({ title: "PATH", value: (row) => row.path, shorten: shortenPath, minWidth });
  return columns;
}

function nameOf({ modelName, versionName }: LibraryRow): string {
  return [modelName, versionName].filter((name) => name !== null).join(" / ");
}

function given<T>(values: readonly T[]): readonly T[] | undefined {
  return values.length === 0 ? undefined : values;
}

if (import.meta.main) await runScript(command);
