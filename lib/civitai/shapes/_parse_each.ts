import { asRecord } from "./_as_record.ts";
import { shownValue } from "./_shown_value.ts";
import type { UnreadableEntry, UnreadableOptions } from "./unreadable_entry.ts";

/** Entries that could be read, and why the others could not. */
interface ParsedEntries<T> {
  readonly items: readonly T[];
  /** The readable ones as they came. */
  readonly raw: readonly unknown[];
  readonly unreadable: readonly UnreadableEntry[];
}

/** Options of {@linkcode parseEach}. */
interface ParseEachOptions<T> extends UnreadableOptions {
  /** What an entry is. */
  readonly kind: UnreadableEntry["kind"];
  /** What the list belongs to, such as `version 5`. */
  readonly of?: string;
  /** Reads one entry. */
  readonly parse: (entry: unknown, index: number) => T;
  /** Where no two entries may have one id. */
  readonly idOf?: (item: T) => number;
  /** The server writes `null` where there is nothing. */
  readonly skipsNull?: boolean;
}

/** Read entries one by one, so that a bad one does not take the others with it; a list that is not there is empty. */
export function parseEach<T>(list: unknown, options: ParseEachOptions<T>): ParsedEntries<T> {
  const { kind, of, parse, idOf, skipsNull = false, onUnreadable = () => {} } = options;
  const owner = of === undefined ? "" : ` of ${of}`;
  if (list === undefined || list === null) return { items: [], raw: [], unreadable: [] };
  if (!Array.isArray(list)) {
    const reason = `the list is ${shownValue(list)}`;
    const whole: UnreadableEntry = { kind, name: `every ${kind}${owner}`, position: 1, reason };
    onUnreadable(whole);
    return { items: [], raw: [], unreadable: [whole] };
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
      const reason = error.message.replace(/^Cannot read [^:]*: /, "");
      unreadable.push({ kind, name: `${nameEntry(entry, kind, index)}${owner}`, position: index + 1, reason });
    }
  }
  unreadable.forEach(onUnreadable);
  return { items: read.map(({ item }) => item), raw: read.map(({ entry }) => entry), unreadable };
}

/** The first entry of an id; what it is compared by is made once, since many may follow. */
interface FirstOfId {
  readonly entry: unknown;
  text?: string;
}

/** Whether the very same entry was there before; another one under its id cannot be told from it. */
function isRepeated(seen: Map<number, FirstOfId>, id: number, entry: unknown): boolean {
  const first = seen.get(id);
  if (first === undefined) {
    seen.set(id, { entry });
    return false;
  }
  first.text ??= JSON.stringify(first.entry);
  if (first.text === JSON.stringify(entry)) return true;
  throw new SyntaxError(`Cannot read it: another entry before it has the id ${id}`);
}

/** Place, name and id, as far as there are any. */
function nameEntry(entry: unknown, kind: string, index: number): string {
  const { id, name, username, url } = asRecord(entry) ?? {};
  const word = [name, username, url].find((text) => typeof text === "string" && text.trim() !== "");
  const known = [
    ...word === undefined ? [] : [shownValue(word)],
    ...typeof id === "string" || typeof id === "number" ? [`id ${shownValue(id)}`] : [],
  ];
  return `${kind} #${index + 1}${known.length === 0 ? "" : ` (${known.join(", ")})`}`;
}
