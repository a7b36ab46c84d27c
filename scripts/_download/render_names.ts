import { basename } from "node:path/posix";
import { cleanText, formatSize } from "../../lib/base/mod.ts";
import { textWidth, truncateToWidth, wrapText } from "../../lib/cli/mod.ts";
import type { LibraryListing, LibraryRow, RefusedVersion, RunItems } from "../../lib/downloader/mod.ts";

/** Lines of a screen, which a plan or a result on a terminal does not exceed without `--all`. */
const SCREEN_LINES = 20;
/** Lines of each list without a terminal: a log has room for what a usual night brings. */
export const LOG_LINES = 1000;
/** Lines that are left to each list of names, however long the rest of the text is. */
const MIN_LINES = 4;
/** Lines of a list that precedes what matters more. */
const SHORT_LINES = 6;
/** Width of the longest size, such as `1023.9 MiB`. */
const SIZE_WIDTH = 10;

/** How names are shown. */
export interface NamesView {
  /** Columns of the terminal; `Infinity` without one. */
  readonly width: number;
  /** Whether all of them are shown, however many there are. */
  readonly isComplete: boolean;
  /** Lines of the text that the names are added to. */
  readonly otherLines: number;
}

/** A file to name, or a version that lists no files. */
type NamedRow =
  & Pick<LibraryRow, "modelId" | "modelName" | "versionName" | "reason">
  & Partial<Pick<LibraryRow, "path" | "sizeBytes" | "creator">>;

interface NameList {
  readonly title: string;
  readonly rows: Iterable<NamedRow>;
  readonly count: number;
  /** Whether the reason of each row is shown. */
  readonly hasReasons: boolean;
}

/**
 * Name the files of a plan by model, version, size and file name, and what is not available now and why.
 *
 * @param items The items of the run; only the rows that are shown are read
 * @returns Lines; none if there are no files
 */
export function namePlan(
  items: RunItems,
  refusedVersions: readonly RefusedVersion[],
  view: NamesView,
): readonly string[] {
  return renderLists([
    { title: "To fetch:", hasReasons: false, ...listed(items.toFetch("new")) },
    leftBehind("To fetch", items.toFetch("left")),
    unavailable(items, refusedVersions),
  ], view);
}

/**
 * Name the files that a run has fetched, those that failed and those that are not available, and why.
 *
 * @param items The items of the run; only the rows that are shown are read
 * @returns Lines; none if there are no files
 */
export function nameResult(
  items: RunItems,
  refusedVersions: readonly RefusedVersion[],
  view: NamesView,
): readonly string[] {
  return renderLists([
    { title: "Fetched:", hasReasons: false, ...listed(items.fetched("new")) },
    leftBehind("Fetched", items.fetched("left")),
    { title: "Failed:", hasReasons: true, ...listed(items.failed()) },
    unavailable(items, refusedVersions),
  ], view);
}

function listed(listing: LibraryListing): Pick<NameList, "rows" | "count"> {
  return { rows: listing, count: listing.totals().count };
}

function leftBehind(verb: string, listing: LibraryListing): NameList {
  const list = listed(listing);
  return { title: `${verb}, left from an earlier run (${list.count}):`, hasReasons: false, ...list };
}

function unavailable(items: RunItems, refusedVersions: readonly RefusedVersion[]): NameList {
  const waiting = items.waiting();
  const refused = items.refused();
  return {
    title: "Not available now:",
    hasReasons: true,
    count: waiting.totals().count + refused.totals().count + refusedVersions.length,
    rows: chain(waiting, refused, refusedVersions),
  };
}

function* chain(...lists: readonly Iterable<NamedRow>[]): Generator<NamedRow> {
  for (const list of lists) yield* list;
}

/** On a terminal, the last lists say what is missing, so they get their lines first; the first one gets what is left. */
function renderLists(lists: readonly NameList[], view: NamesView): readonly string[] {
  const found = lists.filter(({ count }) => count > 0);
  if (view.isComplete || view.width === Infinity) {
    const lines = view.isComplete ? Infinity : LOG_LINES;
    return found.flatMap((list) => renderList(list, { ...view, room: lines }));
  }
  let room = Math.max(MIN_LINES * found.length, SCREEN_LINES - view.otherLines);
  const texts: (readonly string[])[] = [];
  for (const [index, list] of [...found.entries()].toReversed()) {
    const most = index === 0 ? room : Math.min(SHORT_LINES, room - MIN_LINES * index);
    const lines = renderList(list, { ...view, room: most });
    room -= lines.length;
    texts.unshift(lines);
  }
  return texts.flat();
}

function renderList(
  { title, rows, count, hasReasons }: NameList,
  view: NamesView & { readonly room: number },
): readonly string[] {
  const lines = [title];
  let heading = "";
  let shown = 0;
  for (const row of rows) {
    const next = headingOf(row, hasReasons);
    const added = [...next === heading ? [] : wrapHeading(next, view.width), ...nameFile(row, view.width)];
    const isLast = shown + 1 === count;
    if (lines.length + added.length > view.room - (isLast ? 0 : 1) && shown > 0) break;
    lines.push(...added);
    heading = next;
    shown++;
  }
  return shown < count ? [...lines, `  … and ${count - shown} more (--all)`] : lines;
}

function headingOf({ modelId, modelName, creator, reason }: NamedRow, hasReason: boolean): string {
  const name = modelId === null
    ? `images of ${creator ?? "an unknown user"}`
    : `${modelName ?? "unnamed"} (model:${modelId})`;
  return cleanText(hasReason && reason !== null ? `${name}: ${reason}` : name);
}

function wrapHeading(heading: string, width: number): readonly string[] {
  if (width === Infinity) return [`  ${heading}`];
  const [first = "", ...rest] = wrapText(heading, width - 4);
  return [`  ${first}`, ...rest.map((line) => `    ${line}`)];
}

/** Show the file name whole; on a narrow terminal, the name of the version is truncated. */
function nameFile({ versionName, path, sizeBytes }: NamedRow, width: number): readonly string[] {
  const size = typeof sizeBytes === "number" ? formatSize(sizeBytes) : "";
  const file = path === undefined ? "no files listed" : cleanText(basename(path));
  const start = `    ${size.padStart(SIZE_WIDTH)}  `;
  if (versionName === null) return [`${start}${file}`];
  const version = cleanText(versionName);
  if (width === Infinity) return [`${start}${version}  ${file}`];
  const room = Math.max(8, width - start.length - 2 - textWidth(file));
  return [`${start}${truncateToWidth(version, room)}  ${file}`];
}
