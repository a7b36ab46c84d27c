import { asRecord } from "./_as_record.ts";
import { formatValue } from "./_format_value.ts";
import type { UnreadableEntry, UnreadableOptions } from "./unreadable_entry.ts";
import { ShapeError } from "./shape_error.ts";

/** The readable entries of a list, and why the others are unreadable. */
interface ParsedEntries<T> {
  readonly items: readonly T[];
  /** The readable entries, unparsed. */
  readonly raw: readonly unknown[];
  readonly unreadable: readonly UnreadableEntry[];
}

/** Options of {@linkcode parseEach}. */
interface ParseEachOptions<T> extends UnreadableOptions {
  /** The kind of the entries, for messages. */
  readonly kind: UnreadableEntry["kind"];
  /** The owner of the list, such as `version 5`, for messages. */
  readonly of?: string;
  /** Parses one entry; throws a SyntaxError if it is unreadable. */
  readonly parse: (entry: unknown, index: number) => T;
  /** The id of an entry, for lists in which ids are unique. */
  readonly idOf?: (item: T) => number;
  /** Whether to skip `null` entries, which the server sends for missing items. */
  readonly skipsNull?: boolean;
}

/**
 * Parse the entries of a list one by one, so that an unreadable entry does not affect the others. An absent list counts
 * as empty.
 */
export function parseEach<T>(list: unknown, options: ParseEachOptions<T>): ParsedEntries<T> {
  const { kind, of, parse, idOf, skipsNull = false, onUnreadable = () => {} } = options;
  const owner = of === undefined ? "" : ` of ${of}`;
  if (list === undefined || list === null) return { items: [], raw: [], unreadable: [] };
  if (!Array.isArray(list)) {
    const reason = `the list is ${formatValue(list)}`;
    const unreadableList: UnreadableEntry = { kind, name: `every ${kind}${owner}`, position: 1, reason };
    onUnreadable(unreadableList);
    return { items: [], raw: [], unreadable: [unreadableList] };
  }
  const read: { readonly item: T; readonly entry: unknown }[] = [];
  const byId = new Map<number, FirstOfId>();
  const unreadable: UnreadableEntry[] = [];
  for (const [index, entry] of list.entries()) {
    if (skipsNull && entry === null) continue;
    try {
      const item = parse(entry, index);
      if (idOf !== undefined && isRepeated(byId, idOf(item), entry)) continue;
      read.push({ item, entry });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const reason = error instanceof ShapeError ? error.state : error.message;
      unreadable.push({ kind, name: `${nameEntry(entry, kind, index)}${owner}`, position: index + 1, reason });
    }
  }
  unreadable.forEach(onUnreadable);
  return { items: read.map(({ item }) => item), raw: read.map(({ entry }) => entry), unreadable };
}

/** The first entry with an id. Its JSON is computed only once, because many comparisons may follow. */
interface FirstOfId {
  readonly entry: unknown;
  text?: string;
}

/**
 * Whether an identical entry came before. A different entry with the same id throws, because the two cannot be told
 * apart.
 */
function isRepeated(seen: Map<number, FirstOfId>, id: number, entry: unknown): boolean {
  const first = seen.get(id);
  if (first === undefined) {
    seen.set(id, { entry });
    return false;
  }
  first.text ??= JSON.stringify(first.entry);
  if (first.text === JSON.stringify(entry)) return true;
  throw new ShapeError("it", `an earlier entry has the same id ${id}`);
}

/** Describe an entry by its position, and by its name and id if it has them. */
function nameEntry(entry: unknown, kind: string, index: number): string {
  const { id, name, username, url } = asRecord(entry) ?? {};
  const label = [name, username, url].find((text) => typeof text === "string" && text.trim() !== "");
  const details = [
    ...label === undefined ? [] : [formatValue(label)],
    ...typeof id === "string" || typeof id === "number" ? [`id ${formatValue(id)}`] : [],
  ];
  return `${kind} #${index + 1}${details.length === 0 ? "" : ` (${details.join(", ")})`}`;
}
