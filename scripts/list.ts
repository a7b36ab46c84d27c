import { basename } from "node:path/posix";
import { formatCount, formatSize } from "../lib/base/mod.ts";
import { type Column, defineCommand, renderFields, renderTable, shortenPath, textWidth } from "../lib/cli/mod.ts";
import { type LibraryRow, listLibrary, openLibrary } from "../lib/downloader/mod.ts";
import type { ItemTotals, Usage } from "../lib/library/mod.ts";
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

interface UsageResult {
  /** What the items of a group have in common. */
  readonly by: UsageWord;
  readonly groups: readonly Usage[];
  readonly totals: ItemTotals;
}

type UsageWord = (typeof USAGE_WORDS)[number];

/** Values of `--usage`. */
const USAGE_WORDS = ["creator", "type", "base-model"] as const;

/** The `list` command: shows items of the catalog. */
export const command = defineCommand({
  name: "list",
  group: "Library",
  permissions: "local",
  summary: "Show what the catalog holds",
  description:
    "Reads the catalog only, and makes no request. In a pipe, the fields of a row are separated by tabs, always the same " +
    "nine in the same order, the path last.\n\n" +
    "--outdated knows what the last download or update of a model has recorded: that Civitai has a newer version for the " +
    "same base model, in the library or not, or other bytes in place of a file. Run update, or update --dry-run, to find " +
    "what is newer still.\n\n" +
    "--removed shows what an update or a download has found to be removed on Civitai. It is kept, and listed as " +
    '"removed, kept".',
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
    { name: "since", type: "date", setting: "none", summary: "That came since then: 7d, or a date" },
    {
      name: "outdated",
      type: "boolean",
      setting: "none",
      summary: "Files of which the catalog knows a newer version, or other bytes",
    },
    { name: "removed", type: "boolean", setting: "none", summary: "Files that Civitai no longer has" },
    {
      name: "usage",
      type: "choice",
      setting: "none",
      summary: "Show the disk use of each creator, type or base model instead of items",
      choices: USAGE_WORDS,
    },
    { name: "limit", type: "integer", summary: "Maximum number of rows", default: 100, min: 0 },
    ...LIBRARY_FLAGS,
  ],
  exits: { 7: true },
  examples: [
    { command: "civitai-dl list --state failed", summary: "Failed items" },
    { command: "civitai-dl list --since 7d", summary: "What came within a week" },
    { command: "civitai-dl list --usage creator", summary: "Whose files need the most space" },
    { command: "civitai-dl list --outdated --usage type", summary: "How much of it is outdated" },
    { command: "civitai-dl list lantern | cut -s -f 9", summary: "Only the paths" },
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
    // Only what is there needs space.
    const states = flags.state.length === 0 && flags.usage !== undefined ? ["done"] as const : given(flags.state);
    const listing = listLibrary(library, {
      creator: flags.creator,
      types: flags.type,
      baseModels: flags.baseModel,
      states,
      kinds: given(flags.kind),
      modelId: flags.model,
      text: args.join(" "),
      ...flags.since === undefined ? {} : { doneSince: Date.parse(flags.since) },
      ...flags.outdated ? { isOutdated: true } : {},
      ...flags.removed ? { isRemoved: true } : {},
    });
    const totals = listing.totals();
    if (flags.usage !== undefined) {
      const groups = listing.usage(flags.usage === "base-model" ? "baseModel" : flags.usage);
      const usage: UsageResult = { by: flags.usage, groups: groups.slice(0, flags.limit), totals };
      return usage;
    }
    const open = stack.move();
    const result: ListResult = {
      items: { [Symbol.iterator]: () => Iterator.from(listing).take(flags.limit) },
      totals,
      [Symbol.dispose]: () => open.dispose(),
    };
    return result;
  },
  render(result: ListResult | UsageResult, { width }) {
    if ("groups" in result) return renderUsage(result, width);
    const { totals } = result;
    const items = [...result.items];
    const rest = totals.count > items.length ? `; ${items.length} shown, more with --limit` : "";
    const table = width === Infinity
      ? renderFields(items, FIELDS)
      : renderTable(items, columnsFor(items, width), { width });
    return `${table}${describeTotals(totals)}${rest}\n`;
  },
});

function describeTotals(totals: ItemTotals): string {
  const states = Object.entries(totals.byState).filter(([, total]) => total.count > 0);
  const sums = states.map(([state, total]) => `${total.count} ${state} (${formatSize(total.bytes)})`).join(", ");
  return `${formatCount(totals.count, "item")}${sums === "" ? "" : `: ${sums}`}`;
}

function renderUsage({ by, groups, totals }: UsageResult, width: number): string {
  const columns: readonly Column<Usage>[] = [
    { title: "SIZE", value: ({ bytes }) => formatSize(bytes), align: "right" },
    { title: "FILES", value: ({ count }) => count, align: "right" },
    { title: "MODELS", value: ({ models }) => models, align: "right" },
    { title: by.toUpperCase().replace("-", " "), value: ({ name }) => name ?? "unknown" },
  ];
  const table = width === Infinity ? renderFields(groups, columns) : renderTable(groups, columns, { width });
  const shown = groups.reduce((sum, { count }) => sum + count, 0);
  const rest = totals.count > shown ? `; ${formatCount(groups.length, "row")} shown, more with --limit` : "";
  return `${table}${describeTotals(totals)}${rest}\n`;
}

/** Names of files up to this width make the other columns narrower; longer ones exceed the width. */
const MAX_NAME_WIDTH = 36;
/** The outcome of a done file that says nothing more. */
const THERE = "already there";
/** What each row has in a pipe. The path comes last, because it may be long. */
const FIELDS: readonly Column<LibraryRow>[] = [
  { title: "STATE", value: (row) => row.state },
  { title: "WHY", value: whyOf, minWidth: 6 },
  { title: "SIZE", value: (row) => row.sizeBytes === null ? "" : formatSize(row.sizeBytes), align: "right" },
  { title: "MODEL", value: (row) => row.modelId ?? "", align: "right" },
  { title: "VERSION", value: (row) => row.versionId ?? "", align: "right" },
  { title: "FILE", value: (row) => row.fileId ?? row.imageId ?? "", align: "right" },
  { title: "CREATOR", value: (row) => row.creator ?? "" },
  { title: "NAME", value: nameOf, minWidth: 6 },
  { title: "PATH", value: (row) => row.path, shorten: shortenPath },
];

/** Terminals of this width have room for a column; narrow ones lack names that most paths contain. */
const WIDTHS: Readonly<Record<string, number>> = { WHY: 70, FILE: 120, CREATOR: 100, NAME: 70 };

/** The columns of a table, whose last one keeps the names of files whole if it can. */
function columnsFor(items: readonly LibraryRow[], width: number): readonly Column<LibraryRow>[] {
  const longest = Math.max(...items.map(({ path }) => textWidth(basename(path)) + "…/".length));
  const minWidth = Math.min(longest, MAX_NAME_WIDTH);
  return FIELDS.filter(({ title }) => width >= (WIDTHS[title] ?? 0))
    .filter(({ title, value }) => title !== "WHY" || items.some((row) => value(row) !== ""))
    .map((column) => {
      if (column.title === "PATH") return { ...column, minWidth };
      return column.title === "WHY" && items.some(({ newer }) => newer != null) ? { ...column, minWidth: 24 } : column;
    });
}

/** The outcome, where the state does not say it; of an outdated file, what is newer. */
function whyOf({ state, outcome, newer }: LibraryRow): string {
  if (newer != null) return `by ${newer.id} ${newer.name}, ${newer.isHeld ? "here" : "not here"}`;
  return outcome === state || outcome === THERE ? "" : outcome ?? "";
}

function nameOf({ modelName, versionName }: LibraryRow): string {
  return [modelName, versionName].filter((name) => name !== null).join(" / ");
}

function given<T>(values: readonly T[]): readonly T[] | undefined {
  return values.length === 0 ? undefined : values;
}

if (import.meta.main) await runScript(command);
