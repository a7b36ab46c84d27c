import type { SQLInputValue } from "node:sqlite";
import { compareText } from "../../../base/mod.ts";
import type { Database, Row } from "../../database.ts";
import { type Conditions, toItem, toWhere } from "./item_rows.ts";
import { sumTotals, totalItems } from "./item_table.ts";
import { NAMED_ITEMS, searchedText, searchTerms } from "./search_index.ts";
import type { ItemState, ItemTotals, NamedFilter, NamedItem, Usage, UsageGroup } from "../catalog_item.ts";

const PAGE_ROWS = 500;
/** Page size for rows that have only a few columns. */
const LIGHT_PAGE_ROWS = 5000;

const WHOLE = "items.*, model_name, model_type, version_name, base_model";
const LIGHT = "items.id, path, items.creator, model_name, version_name, state, size_bytes, actual_bytes";

const GROUPED = `${LIGHT}, model_id, model_type, base_model`;
const COLUMN_OF: Readonly<Record<UsageGroup, string>> = {
  creator: "creator",
  type: "model_type",
  baseModel: "base_model",
};

/** See {@linkcode Catalog.namedItems}. */
export function* namedItems(db: Database, filter: NamedFilter): Generator<NamedItem> {
  for (const row of namedRows(db, filter, { columns: WHOLE, pageRows: PAGE_ROWS })) yield toNamedItem(row);
}

/** See {@linkcode Catalog.namedTotals}. */
export function namedTotals(db: Database, filter: NamedFilter): ItemTotals {
  if (wordsOf(filter).length === 0) return totalItems(db, conditionsOf(db, filter));
  const totals = new Map<string, { count: number; bytes: number }>();
  for (const row of namedRows(db, filter, { columns: LIGHT, pageRows: LIGHT_PAGE_ROWS })) {
    const state = row.state as ItemState;
    const total = totals.get(state) ?? { count: 0, bytes: 0 };
    total.count++;
    total.bytes += bytesOf(row);
    totals.set(state, total);
  }
  return sumTotals(totals);
}

/** See {@linkcode Catalog.namedUsage}. */
export function namedUsage(db: Database, filter: NamedFilter, by: UsageGroup): readonly Usage[] {
  const groups = new Map<string, { name: string | null; count: number; bytes: number; models: Set<number> }>();
  for (const row of namedRows(db, filter, { columns: GROUPED, pageRows: LIGHT_PAGE_ROWS })) {
    const name = row[COLUMN_OF[by]] as string | null;
    const key = (name ?? "").toLowerCase();
    const group = groups.getOrInsertComputed(key, () => ({ name, count: 0, bytes: 0, models: new Set() }));
    group.count++;
    group.bytes += bytesOf(row);
    if (row.model_id !== null) group.models.add(row.model_id as number);
  }
  return [...groups.values()].map(({ models, ...group }) => ({ ...group, models: models.size }))
    .toSorted((a, b) => b.bytes - a.bytes || compareText(a.name ?? "", b.name ?? ""));
}

function bytesOf(row: Row): number {
  const onDisk = row.state === "done" ? row.actual_bytes as number | null : null;
  return onDisk ?? (row.size_bytes as number | null) ?? 0;
}

/** Columns and page size of a query. */
interface Reading {
  readonly columns: string;
  readonly pageRows: number;
}

/** Read rows page by page. The index finds possible matches, and the text of each row decides. */
function* namedRows(db: Database, filter: NamedFilter, reading: Reading): Generator<Row> {
  const words = wordsOf(filter);
  const terms = searchTerms(words);
  const { where, values } = conditionsOf(db, filter);
  const read = (condition: string, ...given: readonly SQLInputValue[]): readonly Row[] =>
    db.all(`SELECT ${reading.columns} FROM ${NAMED_ITEMS} WHERE ${where} AND ${condition}`, ...values, ...given);
  let last = 0;
  while (true) {
    const page = terms === null
      ? read("items.id > ? ORDER BY items.id LIMIT ?", last, reading.pageRows)
      : candidates(db, { terms, after: last, limit: reading.pageRows });
    if (page.length === 0) return;
    last = page.at(-1)!.id as number;
    const ids = JSON.stringify(page.map(({ id }) => id));
    const rows = terms === null ? page : read("items.id IN (SELECT value FROM json_each(?)) ORDER BY items.id", ids);
    for (const row of rows) {
      const text = words.length === 0 ? "" : searchedText(row);
      if (words.every((word) => text.includes(word))) yield row;
    }
  }
}

function candidates(
  db: Database,
  options: { readonly terms: string; readonly after: number; readonly limit: number },
): readonly Row[] {
  const sql = "SELECT rowid AS id FROM search WHERE search MATCH ? AND rowid > ? ORDER BY rowid LIMIT ?";
  return db.all(sql, options.terms, options.after, options.limit);
}

/**
 * Build the conditions of a filter. Letter case is ignored, also outside of ASCII. There are only a few types and base
 * models, so they are compared here and not in SQL.
 */
function conditionsOf(db: Database, filter: NamedFilter): Conditions {
  const { where, values } = toWhere(filter);
  const parts = [where];
  const all = [...values];
  const add = (sql: (list: string) => string, found: readonly string[]): void => {
    parts.push(found.length === 0 ? "FALSE" : sql(found.map(() => "?").join(", ")));
    all.push(...found);
  };
  const { types = [], baseModels = [] } = filter;
  if (types.length > 0) {
    const wanted = new Set(types.map((type) => type.toLowerCase()));
    const found = distinct(db, "models", "type").filter((type) => wanted.has(type.toLowerCase()));
    add((list) => `model_id IN (SELECT id FROM models WHERE type IN (${list}))`, found);
  }
  if (baseModels.length > 0) {
    const wanted = baseModels.map((part) => part.toLowerCase());
    const found = distinct(db, "versions", "base_model")
      .filter((name) => wanted.some((part) => name.toLowerCase().includes(part)));
    add((list) => `version_id IN (SELECT id FROM versions WHERE base_model IN (${list}))`, found);
  }
  return { where: parts.join(" AND "), values: all };
}

function distinct(db: Database, table: string, column: string): readonly string[] {
  return db.all(`SELECT DISTINCT ${column} AS value FROM ${table}`).map((row) => row.value as string);
}

function wordsOf({ text = "" }: NamedFilter): readonly string[] {
  return text.toLowerCase().split(/\s+/).filter((word) => word !== "");
}

function toNamedItem(row: Row): NamedItem {
  return {
    ...toItem(row),
    modelName: row.model_name as string | null,
    modelType: row.model_type as string | null,
    versionName: row.version_name as string | null,
    baseModel: row.base_model as string | null,
  };
}
